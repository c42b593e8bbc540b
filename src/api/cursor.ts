import { blake2b } from '@noble/hashes/blake2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { invalidParameter } from './problem.ts'

/*
 * Where a list goes on: the position of the last row seen, never a row number, so that it stays right while the chain
 * grows. Opaque: base64url of the numbers and a short check over them and the list's name. The check is no secret, it
 * tells a cursor of another list or order, a cut one, or one made by hand from ours.
 */

const CHECK_BYTES = 5
const SHAPE = /^[A-Za-z0-9_-]{8,64}$/
const ALLOWED = 'a cursor from the `next` member of an earlier answer to the same list'

/** `list` names what the cursor goes on with: endpoint and order. Positions are safe integers from 0. */
export function toCursor(list: string, position: readonly number[]): string {
  const body = position.map((value) => value.toString(36)).join('.')
  return encode(`${body}~${toCheck(list, body)}`)
}

/** @throws {ProblemError} for one that `toCursor` did not make for this list */
export function parseCursor(list: string, cursor: string, length: number): number[] {
  const [body = '', check] = decode(cursor).split('~')
  const position = body.split('.').map((digits) => Number.parseInt(digits, 36))
  const isOurs = check === toCheck(list, body) && position.length === length
  if (!isOurs || !position.every(Number.isSafeInteger)) throw invalidParameter('cursor', cursor, ALLOWED)
  return position
}

function toCheck(list: string, body: string): string {
  const digest = blake2b(utf8ToBytes(`cursor/${list}/${body}`), { dkLen: CHECK_BYTES })
  return digest.reduce((text, byte) => text + byte.toString(36).padStart(2, '0'), '')
}

function encode(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Empty for what is no base64url. */
function decode(cursor: string): string {
  if (!SHAPE.test(cursor)) return ''
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}
