import type { WireEra } from '../../src/api/wire/v1.ts'
import { toGrouped, toPercent, toPercentText } from '../format/figure.ts'
import { Facts } from '../widgets/facts.tsx'
import { Amount } from '../widgets/figure.tsx'
import { SplitBar } from '../widgets/split-bar.tsx'
import { Empty } from '../widgets/states.tsx'

/** The supply at the era's end as a sum that can be checked: what came in, what went out, what that makes. */
export function EraSupply({ era }: { era: WireEra }) {
  const { supply } = era
  const minted = BigInt(supply.minted)
  const sustained = BigInt(supply.sustained ?? 0)
  const fees = supply.feesBurned ? -BigInt(supply.fees) : 0n
  const burned = -BigInt(supply.burned)
  const adjustment = BigInt(supply.adjustment)
  const change = minted + fees + burned + adjustment
  const total = supply.total === null ? null : BigInt(supply.total)
  return (
    <section class="card" aria-label="Supply">
      <header class="card-head">
        <div>
          <h2 class="card-title">Supply</h2>
          <p class="quiet">
            {era.open ? 'So far; rewards are minted when the era closes' : 'At the end of the era'}
          </p>
        </div>
      </header>
      <dl class="facts sum">
        {total !== null && (
          <div>
            <dt>Before</dt>
            <dd>
              <Amount motes={total - change} />
            </dd>
          </div>
        )}
        <Term name="Minted as rewards" motes={minted - sustained} />
        {sustained > 0n && <Term name="Minted for the sustain purse" motes={sustained} />}
        <Term
          name={supply.feesBurned ? 'Fees burned' : 'Fees, kept by proposers'}
          motes={supply.feesBurned ? fees : BigInt(supply.fees)}
          aside={!supply.feesBurned}
        />
        <Term name="Burned by holders" motes={burned} />
        {adjustment !== 0n && <Term name="Written outside blocks" motes={adjustment} />}
        <div class="sum-line">
          <dt>Change</dt>
          <dd class={change < 0n ? 'change-down' : 'change-up'}>
            <Amount motes={change} plus />
          </dd>
        </div>
        <div class="sum-total">
          <dt>Total supply</dt>
          <dd>{total === null ? 'not known' : <Amount motes={total} />}</dd>
        </div>
        <div>
          <dt>
            Circulating{supply.circulatingMethod && <span class="quiet"> by {supply.circulatingMethod}</span>}
          </dt>
          <dd>
            {supply.circulating === null ? (
              <span class="quiet">{era.open ? 'known when the era closes' : 'not known for this era'}</span>
            ) : (
              <Amount motes={supply.circulating} />
            )}
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** @param aside said, but not part of the sum */
function Term({ name, motes, aside = false }: { name: string; motes: bigint; aside?: boolean }) {
  return (
    <div class={aside ? 'quiet' : ''}>
      <dt>{name}</dt>
      <dd>
        <Amount motes={motes} plus={!aside} />
      </dd>
    </div>
  )
}

export function EraRewards({ era }: { era: WireEra }) {
  const { rewards } = era
  return (
    <section class="card" aria-label="Rewards">
      <header class="card-head">
        <div>
          <h2 class="card-title">Rewards</h2>
          <p class="quiet">
            {era.open ? 'Paid when the era closes' : <Amount motes={rewards.total} copy={false} />}
          </p>
        </div>
      </header>
      {rewards.total === '0' ? (
        <Empty>
          {era.open
            ? 'The switch block will name the rewards of this era.'
            : 'This era paid no rewards: its switch block names none.'}
        </Empty>
      ) : (
        <SplitBar
          parts={[
            {
              name: 'Validators',
              motes: BigInt(rewards.validators),
              color: 1,
              note: toGrouped(rewards.rewardedValidators),
            },
            {
              name: 'Delegators',
              motes: BigInt(rewards.delegators),
              color: 3,
              note: toGrouped(rewards.rewardedDelegators),
            },
          ]}
        />
      )}
    </section>
  )
}

export function EraCounts({ era }: { era: WireEra }) {
  const { transactions, transfers } = era
  const first = <a href={`/blocks/${era.startBlock}`}>{toGrouped(era.startBlock)}</a>
  return (
    <Facts
      title="Activity"
      note={
        <>
          Blocks {first} to{' '}
          {era.endBlock === null ? (
            'the newest'
          ) : (
            <a href={`/blocks/${era.endBlock}`}>{toGrouped(era.endBlock)}</a>
          )}
        </>
      }
      rows={[
        ['Blocks', toGrouped(era.blocks)],
        ['Transactions', toGrouped(transactions.total)],
        ['Native transfers', toGrouped(transactions.transfers)],
        ['Staking', toGrouped(transactions.staking)],
        ['Contracts and sessions', toGrouped(transactions.wasm)],
        ['Burns', toGrouped(transactions.burns)],
        ['Failed, of all these', toGrouped(transactions.failed)],
        ['Transfers that moved CSPR', toGrouped(transfers.count)],
        ['Volume', <Amount key="volume" motes={transfers.volume} />],
      ]}
    />
  )
}

export function EraStake({ era }: { era: WireEra }) {
  const { validators, supply } = era
  const share =
    validators.weight === null || supply.total === null
      ? null
      : toPercent(BigInt(validators.weight), BigInt(supply.total))
  return (
    <Facts
      title="Stake"
      rows={[
        ['Validators', validators.count === null ? 'not known' : toGrouped(validators.count)],
        [
          'Weight',
          validators.weight === null ? 'not known' : <Amount key="weight" motes={validators.weight} />,
        ],
        share === null ? null : ['Share of the supply', toPercentText(share)],
        validators.nextWeight === null
          ? null
          : ['Weight of the next set', <Amount key="next" motes={validators.nextWeight} />],
        ['Stake that came in', <Amount key="in" motes={era.staked} />],
        ['Stake that left', <Amount key="out" motes={era.undelegated} />],
      ]}
    />
  )
}
