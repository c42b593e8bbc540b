import { canonicalJson } from './json-text.ts'
import type { RecordedCall } from './lines.ts'
import { type Address, type Question, toQuestion } from './question.ts'

/** What a node says to a call: the text of `result`, or of `error` when `failed`. */
export type Answer = { failed: boolean; body: Buffer }

/** Every recorded answer, found by what was asked and about which state. */
export type AnswerIndex = {
  /** Whether the recorded node knew the method. */
  knows(method: string): boolean
  /** The node's own refusal of exactly these parameters, which does not depend on the chain's state. */
  refusal(method: string, params: unknown): Answer | undefined
  at(method: string, rest: string, height: number): Answer | undefined
  atRoot(method: string, rest: string, root: string): Answer | undefined
  /** What was answered about no block in particular, when the chain stood at `tip`. */
  unaddressed(method: string, rest: string, tip: number): Answer | undefined
  /** The fullest of the recorded versions: a deploy was sometimes also asked for before it was executed. */
  fullest(method: string, rest: string): Answer | undefined
  /** The recorded answers of one method about blocks; for finding what else a recording can tell. */
  ofMethod(method: string): IterableIterator<{ question: Question; height: number; answer: Answer }>
}

/** Codes of errors about the request itself: invalid request, method, parameters; unreadable key. */
const refusalCodes = new Set([-32600, -32601, -32602, -32002])
const NOBODY_KNOWS = -32601

/** Index of calls. `heightOfHash` puts what was asked by hash under the height it is about. */
export function createAnswerIndex(
  calls: readonly RecordedCall[],
  heightOfHash: (hash: string) => number | undefined,
): AnswerIndex {
  const methods = new Set<string>()
  const refusals = new Map<string, Answer>()
  const placed = new Map<string, Answer>()
  const loose = new Map<string, Array<Answer & { since: number }>>()
  const byMethod = new Map<string, Array<{ question: Question; height: number; answer: Answer }>>()
  /** Height of the call before: calls taken while the chain ran stand among the heights of their time. */
  let reached = Number.POSITIVE_INFINITY

  for (const { method, params, failed, body } of calls) {
    const answer: Answer = { failed, body }
    const code = failed ? (JSON.parse(body.toString()) as { code: number }).code : 0
    if (code !== NOBODY_KNOWS) methods.add(method)
    const question = toQuestion(method, params)
    if (refusalCodes.has(code) || 'invalid' in question) {
      refusals.set(`${method} ${canonicalJson(params)}`, answer)
      continue
    }
    const { rest, address } = question
    const key = addressKey(address, heightOfHash)
    if (key === null) {
      const name = `${method} ${rest}`
      const versions = loose.get(name) ?? []
      versions.push({ ...answer, since: reached })
      loose.set(name, versions)
      continue
    }
    if (typeof key === 'number') {
      reached = key
      const its = byMethod.get(method) ?? []
      its.push({ question, height: key, answer })
      byMethod.set(method, its)
    }
    if (!placed.has(`${method} ${rest} ${key}`)) placed.set(`${method} ${rest} ${key}`, answer)
  }

  return {
    knows: (method) => methods.has(method),
    refusal: (method, params) => refusals.get(`${method} ${canonicalJson(params ?? null)}`),
    at: (method, rest, height) => placed.get(`${method} ${rest} ${height}`),
    atRoot: (method, rest, root) => placed.get(`${method} ${rest} ${root}`),
    unaddressed(method, rest, tip) {
      const versions = loose.get(`${method} ${rest}`)
      // What stands before all heights was asked last, of the finished chain; it serves where nothing fits.
      return versions?.filter(({ since }) => since <= tip).at(-1) ?? versions?.[0]
    },
    fullest: (method, rest) =>
      loose.get(`${method} ${rest}`)?.reduce((a, b) => (b.body.length > a.body.length ? b : a)),
    ofMethod: (method) => (byMethod.get(method) ?? []).values(),
  }
}

/** A height, a state root, or null for what is about no block or about whichever was the latest then. */
function addressKey(
  address: Address | null,
  heightOfHash: (hash: string) => number | undefined,
): number | string | null {
  if (address === null || address.kind === 'latest') return null
  if (address.kind === 'height') return address.height
  if (address.kind === 'root') return address.root
  return heightOfHash(address.hash) ?? `hash ${address.hash}`
}
