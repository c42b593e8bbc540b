/** What a request says before its body. */
export interface Head {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly contentType: string | null
  /** Bytes of the body as stated; null where nothing is. */
  readonly length: number | null
  /** The body's length is told only by its chunks. */
  readonly isChunked: boolean
  /** Whether the client sends another request on this connection, or may. */
  readonly keepsAlive: boolean
  /** HTTP/1.0, whose clients take a connection for ended unless they are told otherwise. */
  readonly isOld: boolean
  /** The client waits to be asked for the body. */
  readonly expectsContinue: boolean
}

/** As a request line begins, with its end still to come. */
const LINE_SO_FAR = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}(?: [\x21-\x7e]*(?: [HTP/1.0]{0,8})?)?)?\r?$/
const LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([\x21-\x7e]+) HTTP\/1\.([01])$/
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/

/** Whether a head can begin like this. What cannot is refused at once: its end may never come. */
export function couldBeHead(text: string): boolean {
  const end = text.indexOf('\r\n')
  return end === -1 ? LINE_SO_FAR.test(text) : LINE.test(text.slice(0, end))
}

/**
 * Reads a request line and its fields (RFC 9112), strictly: a field whose name ends in white space, one that is folded, a
 * length that is not digits, two lengths, a length beside chunks would each let two readers disagree where the body ends.
 * @param text without the empty line at the end
 * @returns null for what is no head
 */
export function parseHead(text: string): Head | null {
  const [first = '', ...fields] = text.split('\r\n')
  const line = LINE.exec(first)
  if (line === null) return null
  const [, method = '', target = '', minor] = line
  let contentType: string | null = null
  let length: number | null = null
  let isChunked = false
  let expectsContinue = false
  let keepsAlive = minor === '1'
  for (const field of fields) {
    const [, name = '', rest = ''] = FIELD.exec(field) ?? []
    const value = rest.trimEnd()
    switch (name.toLowerCase()) {
      case '':
        return null
      case 'content-type':
        contentType ??= value
        break
      case 'content-length':
        if (length !== null || !/^\d{1,15}$/.test(value)) return null
        length = Number(value)
        break
      case 'transfer-encoding':
        isChunked = true
        break
      case 'expect':
        expectsContinue = minor === '1' && value.toLowerCase() === '100-continue'
        break
      case 'connection':
        for (const option of value.toLowerCase().split(/[ \t]*,[ \t]*/)) {
          if (option === 'close') keepsAlive = false
          if (option === 'keep-alive' && minor === '0') keepsAlive = true
        }
    }
  }
  if (isChunked && length !== null) return null
  const path = target.split('?', 1)[0] as string
  const isOld = minor === '0'
  return { method, path, contentType, length, isChunked, keepsAlive, isOld, expectsContinue }
}
