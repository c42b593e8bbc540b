import { skipValue } from './json-text.ts'

/** One recorded call. `body` is the node's own text of `result` or `error`: a slice, not a copy. */
export type RecordedCall = {
  method: string
  params: unknown
  failed: boolean
  body: Buffer
}

/** One recorded server-sent event. */
export type RecordedEvent = {
  /** Path the stream had on the node: `/events`, `/events/main`, `/events/deploys`, `/events/sigs`. */
  path: string
  id: number | null
  /** The text after `data:`. Decoded on demand, since a chain's events are large and rarely read. */
  text: () => string
}

/** The lines of a file as slices of it. */
function* lines(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; ) {
    const newline = file.indexOf(10, at)
    const end = newline === -1 ? file.length : newline
    if (end > at) yield file.subarray(at, end)
    at = end + 1
  }
}

/** Reads the calls of `rpc.jsonl`: `{"method","params","result"|"error"}`, in this order. */
export function* readCalls(file: Buffer): Generator<RecordedCall> {
  for (const line of lines(file)) {
    const methodEnd = skipValue(line, '{"method":'.length)
    const paramsStart = methodEnd + ',"params":'.length
    const paramsEnd = skipValue(line, paramsStart)
    const failed = line.toString('latin1', paramsEnd, paramsEnd + 9) === ',"error":'
    yield {
      method: JSON.parse(line.toString('utf8', '{"method":'.length, methodEnd)) as string,
      params: JSON.parse(line.toString('utf8', paramsStart, paramsEnd)) as unknown,
      failed,
      body: line.subarray(paramsEnd + (failed ? ',"error":' : ',"result":').length, line.length - 1),
    }
  }
}

/** Reads the events of `events.jsonl`: `{"stream","ms","id","data"}`; data is a text or the JSON itself. */
export function* readEvents(file: Buffer): Generator<RecordedEvent> {
  for (const line of lines(file)) {
    const streamEnd = skipValue(line, '{"stream":'.length)
    const stream = JSON.parse(line.toString('utf8', '{"stream":'.length, streamEnd)) as string
    const idStart = line.indexOf(',"id":', streamEnd) + ',"id":'.length
    const idEnd = skipValue(line, idStart)
    const id = JSON.parse(line.toString('utf8', idStart, idEnd)) as string | number | null
    const data = line.subarray(idEnd + ',"data":'.length, line.length - 1)
    yield {
      path: stream.slice(stream.indexOf('/events')),
      id: id === null ? null : Number(id),
      text: () => (data[0] === 34 ? (JSON.parse(data.toString()) as string) : data.toString()),
    }
  }
}
