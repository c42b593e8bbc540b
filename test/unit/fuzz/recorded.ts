import { readNeededMember } from '../../../crawler/devnet/files.ts'
import { readCalls } from '../../../crawler/devnet/lines.ts'
import { parseJson } from '../../../crawler/node/json.ts'
import { type ChainName, recordingDir } from '../../fixtures/recordings/recordings.ts'

export interface RecordedAnswer {
  readonly method: string
  readonly params: unknown
  readonly text: string
  readonly value: unknown
}

/**
 * What nodes of a recorded chain answered, spread over the whole chain.
 * @param most of each method
 */
export function readAnswers(
  chain: ChainName,
  methods: readonly string[],
  most: number,
  member = 'rpc.jsonl',
): RecordedAnswer[] {
  const calls = [...readCalls(readNeededMember(recordingDir(chain), member))].filter(({ failed }) => !failed)
  return methods.flatMap((method) => {
    const all = calls.filter((call) => call.method === method)
    const step = Math.max(1, Math.floor(all.length / most))
    return all
      .filter((_, index) => index % step === 0)
      .slice(0, most)
      .map(({ params, body }) => {
        const text = body.toString()
        return { method, params, text, value: parseJson(text) }
      })
  })
}
