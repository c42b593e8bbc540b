/** Set by Cloudflare, whatever the client claims. A local workerd lets the client set it, which tests make use of. */
export function addressOf(headers: Headers): string {
  return headers.get('cf-connecting-ip') ?? 'unknown'
}
