/**
 * The client's address: the connection's, or the last one in X-Forwarded-For where a proxy of ours has put it. Those
 * before it are the client's own claims.
 */
export function createAddressOf(
  isProxied: boolean,
): (headers: Headers, info: Deno.ServeHandlerInfo) => string {
  return (headers, info) => {
    const forwarded = isProxied ? headers.get('x-forwarded-for') : null
    const last = forwarded?.slice(forwarded.lastIndexOf(',') + 1).trim()
    return last || info.remoteAddr.hostname
  }
}
