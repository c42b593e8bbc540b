import type { Method } from './method.ts'

/** `no-lockups/1`: of a network without locked accounts, all of the supply circulates. */
export const noLockups: Method = ({ totalSupply }) => {
  if (totalSupply === null) return { absent: 'the total supply at its end is not known' }
  return { method: 'no-lockups/1', total: totalSupply, validators: 0n, transfers: 0n, rewards: 0n }
}
