import { bytesToHex } from '@noble/hashes/utils.js'
import { big } from './bytes.ts'
import { memberSpan, replaceMember, skipValue } from './json-text.ts'

const AMOUNT = '["amount",'

/**
 * The answer about a deploy or transaction with a mote more in the last of its amounts, which is the session's, under the
 * hash that it had; unchanged where there is none.
 */
export function raiseAmount(answer: Buffer): Buffer {
  const at = answer.lastIndexOf(AMOUNT)
  if (at === -1) return answer
  const start = at + AMOUNT.length
  const end = skipValue(answer, start)
  const value = answer.subarray(start, end)
  const parsed = memberSpan(value, 'parsed')
  if (parsed === null) return answer
  const raised = BigInt(JSON.parse(value.toString('latin1', parsed.start, parsed.end)) as string) + 1n
  const changed = replaceMember(
    replaceMember(value, 'bytes', `"${bytesToHex(big(raised))}"`),
    'parsed',
    `"${raised}"`,
  )
  return Buffer.concat([answer.subarray(0, start), changed, answer.subarray(end)])
}
