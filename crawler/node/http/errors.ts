/** More bytes than the limit, announced or sent. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
}

/** The whole answer, body included, did not come in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

/** What came is not HTTP/1.1 as RFC 9112 has it, or in a form that was not asked for. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

/** The connection ended before the answer did. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
}
