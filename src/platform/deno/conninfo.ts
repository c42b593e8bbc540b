import { type TrustedProxy, toClientAddress } from '../../limit/client-address.ts'

export function createAddressOf(
  proxy: TrustedProxy,
): (headers: Headers, info: Deno.ServeHandlerInfo) => string {
  return (headers, info) => toClientAddress(proxy, headers, info.remoteAddr.hostname)
}
