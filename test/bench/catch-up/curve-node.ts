import { createGeneratedChain } from '../../../crawler/devnet/generated/chain.ts'
import { createGeneratedNode } from '../../../crawler/devnet/generated/node.ts'
import { COUNTED, ERA, RULES, TRANSFERS } from './curve-chain.ts'

/*
 * The node of the curve: a chain that is empty up to the height given, and then has the eras that are crawled. Chains of
 * different heights share their validators, accounts and genesis. Empty blocks are made five times as fast.
 */

const from = Number(process.argv[2])

const chain = createGeneratedChain({
  ...RULES,
  transfersPerBlock: (height) => (height > from ? TRANSFERS : 0),
})
const node = createGeneratedNode({ chain, tip: from + COUNTED * ERA, delayMs: 20 })
process.on('SIGTERM', () => process.exit(0))
await node.listen()
console.log(JSON.stringify({ rpcUrl: node.rpcUrl, eventsUrl: node.eventsUrl, tip: node.tip() }))
