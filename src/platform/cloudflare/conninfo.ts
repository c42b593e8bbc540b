import { type TrustedProxy, toClientAddress } from '../../limit/client-address.ts'

/** A worker is told of no connection. */
export function createAddressOf(proxy: TrustedProxy): (headers: Headers) => string {
  return (headers) => toClientAddress(proxy, headers, undefined)
}
