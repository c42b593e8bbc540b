/**
 * The client's address: the connection's, or the last one in X-Forwarded-For where a proxy of ours has put it. Those
 * before it are the client's own claims.
 */
export function createAddressOf(
  isProxied: boolean,
): (request: Request, info: Deno.ServeHandlerInfo) => string {
  return (request, info) => {
    const forwarded = isProxied ? request.headers.get('x-forwarded-for') : null
    const last = forwarded?.slice(forwarded.lastIndexOf(',') + 1).trim()
    return last || info.remoteAddr.hostname
  }
}
