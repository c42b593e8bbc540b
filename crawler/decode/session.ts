import type { StakeKind } from '../../src/domain/transaction.ts'
import { Args, parseArgs } from './args.ts'
import type { Field } from './field.ts'

/** What a deploy or transaction runs, in one form for both generations. */
export interface Session {
  /**
   * `transfer`: a native transfer. `native`: a system entry point called by a 2.x transaction. `stored`: a contract on
   * the chain. `module`: wasm that came along.
   */
  readonly target: 'transfer' | 'native' | 'stored' | 'module'
  /** In snake case (`add_bid`), as contracts spell it; null for a module's `call`. */
  readonly entryPoint: string | null
  /** Hash or name of a stored contract or package. */
  readonly contract: string | null
  /** How `contract` names it: a hash can be compared with the auction's, a name cannot. */
  readonly contractBy: 'hash' | 'package-hash' | 'name' | 'package-name' | null
  readonly isInstall: boolean
  readonly args: Args
}

/** Maps, not objects: `constructor` is a name that anybody may send, and a member of every object. */
const NATIVE_ENTRY_POINTS: ReadonlyMap<string, StakeKind | 'transfer' | 'burn'> = new Map([
  ['Transfer', 'transfer'],
  ['Burn', 'burn'],
  ['AddBid', 'add_bid'],
  ['WithdrawBid', 'withdraw_bid'],
  ['Delegate', 'delegate'],
  ['Undelegate', 'undelegate'],
  ['Redelegate', 'redelegate'],
  ['ActivateBid', 'activate_bid'],
  ['ChangeBidPublicKey', 'change_bid_public_key'],
  ['AddReservations', 'add_reservations'],
  ['CancelReservations', 'cancel_reservations'],
])

const STORED: ReadonlyMap<string, [member: 'hash' | 'name', by: Session['contractBy']]> = new Map([
  ['StoredContractByHash', ['hash', 'hash']],
  ['StoredContractByName', ['name', 'name']],
  ['StoredVersionedContractByHash', ['hash', 'package-hash']],
  ['StoredVersionedContractByName', ['name', 'package-name']],
])

/** The `session` of a deploy. @throws {DecodeFault} */
export function parseDeploySession(session: Field): Session {
  const [kind, item] = session.variant()
  const args = parseArgs(item.get('args'))
  const plain = { contract: null, contractBy: null, isInstall: false, args }
  if (kind === 'Transfer') return { ...plain, target: 'transfer', entryPoint: null }
  if (kind === 'ModuleBytes') return { ...plain, target: 'module', entryPoint: null }
  const stored = STORED.get(kind)
  if (stored === undefined) throw session.fault('a known executable deploy item')
  const [member, by] = stored
  return {
    ...plain,
    target: 'stored',
    entryPoint: item.get('entry_point').text(),
    contract: member === 'hash' ? item.get(member).hash() : item.get(member).text(),
    contractBy: by,
  }
}

/** The `fields` of a Version1 transaction's payload. @throws {DecodeFault} */
export function parseTransactionSession(fields: Field): Session {
  const args = parseTransactionArgs(fields.get('args'))
  const entry = parseEntryPoint(fields.get('entry_point'))
  const target = fields.get('target')
  const plain = { contract: null, contractBy: null, isInstall: false, args }
  if (target.value === 'Native') {
    const name = NATIVE_ENTRY_POINTS.get(entry)
    if (name === undefined) throw fields.get('entry_point').fault('a known native entry point')
    return { ...plain, target: name === 'transfer' ? 'transfer' : 'native', entryPoint: name }
  }
  const [kind, item] = target.variant()
  if (kind === 'Session') {
    return { ...plain, target: 'module', entryPoint: null, isInstall: item.get('is_install_upgrade').bool() }
  }
  if (kind === 'Stored')
    return { ...plain, target: 'stored', entryPoint: entry, ...parseInvocation(item.get('id')) }
  throw target.fault('Native, Stored or Session')
}

/** Args of a VM that has no named arguments are opaque bytes: nothing can be read from them. */
function parseTransactionArgs(args: Field): Args {
  const [form, list] = args.variant()
  return form === 'Named' ? parseArgs(list) : new Args(new Map())
}

/** `"Transfer"`, or `{"Custom": "delegate"}`. */
function parseEntryPoint(entry: Field): string {
  if (typeof entry.value === 'string') return entry.value
  const [form, name] = entry.variant()
  if (form !== 'Custom') throw entry.fault('an entry point')
  return name.text()
}

function parseInvocation(id: Field): Pick<Session, 'contract' | 'contractBy'> {
  const [form, target] = id.variant()
  if (form === 'ByHash') return { contract: target.hash(), contractBy: 'hash' }
  if (form === 'ByName') return { contract: target.text(), contractBy: 'name' }
  if (form === 'ByPackageHash') return { contract: target.get('addr').hash(), contractBy: 'package-hash' }
  if (form === 'ByPackageName') return { contract: target.get('name').text(), contractBy: 'package-name' }
  throw id.fault('ByHash, ByName, ByPackageHash or ByPackageName')
}
