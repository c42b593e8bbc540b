import type { Connection, RowDataPacket } from 'mysql2/promise'
import { Bounded } from '../lib/bounded.ts'
import { toHex } from '../lib/hex.ts'
import { toHexLiteral, toInserts, toUpserts } from './bulk.ts'
import type { PartyWord, Seen } from './party-order.ts'
import { type PartyColumns, type PartyRow, PURSE, toPartyColumns } from './rows/party.ts'
import { parties } from './schema/chain.ts'

/** About 40 MB: every delegator of mainnet and the busiest accounts. */
const REMEMBERED = 200_000

/** Addresses asked for in one statement: 66 characters each, well under a packet. */
const ASKED_AT_ONCE = 5_000

/** Ids for one change. `remember` is called once its transaction has committed, and not before. */
export interface ResolvedParties {
  /** @throws {RangeError} for a party that was not asked for */
  idOf(word: PartyWord): number
  remember(): void
}

export interface PartyIds {
  /**
   * Finds the ids of parties, gives the next ones to those that have none, in the order given, and fills in keys that
   * became known. Runs inside the caller's transaction, under the checkpoint's lock, which makes `MAX(id) + 1` safe.
   */
  resolve(connection: Connection, words: ReadonlyMap<PartyWord, Seen | null>): Promise<ResolvedParties>
}

export function createPartyIds(capacity = REMEMBERED): PartyIds {
  /** What committed transactions have shown. A word for a key is here only when the row has the key. */
  const remembered = new Bounded<number>(Number.POSITIVE_INFINITY, capacity)

  return {
    async resolve(connection, words) {
      const ids = new Map<PartyWord, number>()
      const unknown = new Map<PartyWord, PartyColumns>()
      for (const word of words.keys()) {
        const id = remembered.get(word)
        if (id === undefined) unknown.set(word, toPartyColumns(parseWord(word)))
        else ids.set(word, id)
      }
      if (unknown.size > 0) await settle(connection, unknown, words, ids)
      return {
        idOf(word) {
          const id = ids.get(word)
          if (id === undefined) throw new RangeError(`No id was asked for the party ${word}`)
          return id
        },
        remember() {
          for (const word of unknown.keys()) remembered.set(word, ids.get(word) as number, 0)
        },
      }
    },
  }
}

/** Looks up, inserts and completes rows of the unknown words; adds their ids to `ids`. */
async function settle(
  connection: Connection,
  unknown: ReadonlyMap<PartyWord, PartyColumns>,
  seen: ReadonlyMap<PartyWord, Seen | null>,
  ids: Map<PartyWord, number>,
): Promise<void> {
  const known = await readParties(connection, unknown.values())
  const fresh = new Map<string, PartyRow>()
  const completed = new Map<string, PartyRow>()
  let next: number | undefined
  for (const [word, party] of unknown) {
    const key = toKey(party)
    let row = known.get(key) ?? fresh.get(key)
    if (row === undefined) {
      next ??= await readNextId(connection)
      const at = seen.get(word)
      // The words of one party come in the order of the chain: the first of them was seen first.
      row = { ...party, id: next++, firstHeight: at?.first ?? null, lastHeight: at?.last ?? null }
      fresh.set(key, row)
    } else if (party.publicKey !== null && row.publicKey === null) {
      row = { ...row, publicKey: party.publicKey }
      if (fresh.has(key)) fresh.set(key, row)
      else completed.set(key, row)
    }
    ids.set(word, row.id)
  }
  // An id or an address that is taken after all means that another writer is at work: the insert must fail then.
  for (const statement of toInserts(parties, [...fresh.values()])) await connection.query(statement)
  const complete = '`public_key`=VALUES(`public_key`)'
  for (const statement of toUpserts(parties, [...completed.values()], complete))
    await connection.query(statement)
}

/** Ids of parties that are stored; a party that is not has the id 0, which no row has. Writes nothing. */
export async function lookUpParties(
  connection: Connection,
  words: Iterable<PartyWord>,
): Promise<(word: PartyWord) => number> {
  const wanted = new Map(Array.from(words, (word) => [word, toPartyColumns(parseWord(word))]))
  const known = await readParties(connection, wanted.values())
  return (word) => known.get(toKey(wanted.get(word) ?? toPartyColumns(parseWord(word))))?.id ?? 0
}

async function readParties(
  connection: Connection,
  wanted: Iterable<PartyColumns>,
): Promise<Map<string, PartyRow>> {
  const known = new Map<string, PartyRow>()
  const addresses = [...new Set(Array.from(wanted, (party) => party.address))]
  for (let first = 0; first < addresses.length; first += ASKED_AT_ONCE) {
    const list = addresses
      .slice(first, first + ASKED_AT_ONCE)
      .map(toHexLiteral)
      .join(',')
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT id, kind, address, public_key, first_height, last_height FROM parties WHERE address IN (${list})`,
    )
    for (const row of rows) {
      const key: Uint8Array | null = row.public_key
      const party: PartyRow = {
        id: row.id,
        kind: row.kind,
        address: toHex(row.address, 0, 32),
        publicKey: key === null ? null : toHex(key, 0, key.length),
        firstHeight: row.first_height,
        lastHeight: row.last_height,
      }
      known.set(toKey(party), party)
    }
  }
  return known
}

async function readNextId(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT MAX(id) AS id FROM parties')
  return Number(rows[0]?.id ?? 0) + 1
}

const toKey = (party: PartyColumns): string =>
  party.kind === PURSE ? `uref-${party.address}` : party.address

function parseWord(word: PartyWord) {
  if (word.startsWith('uref-')) return { kind: 'purse', purse: word.slice(5) } as const
  return word.length === 64
    ? ({ kind: 'account', hash: word } as const)
    : ({ kind: 'key', key: word } as const)
}
