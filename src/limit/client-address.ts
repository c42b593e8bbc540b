/**
 * Whose word is taken for a client's address: nobody's, a proxy of ours that adds to X-Forwarded-For, or Cloudflare.
 * Anybody can send these headers, and with each made-up address comes a new budget.
 */
export type TrustedProxy = 'none' | 'forwarded' | 'cloudflare'

/** What one budget is kept for where nothing tells clients apart. */
const UNKNOWN = 'unknown'

/**
 * The address that the trusted proxy tells, else the connection's.
 * @param connection undefined where the platform tells none: then all clients are one
 */
export function toClientAddress(
  proxy: TrustedProxy,
  headers: Headers,
  connection: string | undefined,
): string {
  return toToldAddress(proxy, headers) || (connection ?? UNKNOWN)
}

function toToldAddress(proxy: TrustedProxy, headers: Headers): string | null | undefined {
  if (proxy === 'none') return null
  // Set by Cloudflare, whatever the client claims.
  if (proxy === 'cloudflare') return headers.get('cf-connecting-ip')
  // Those before the last one are the client's own claims.
  const forwarded = headers.get('x-forwarded-for')
  return forwarded?.slice(forwarded.lastIndexOf(',') + 1).trim()
}
