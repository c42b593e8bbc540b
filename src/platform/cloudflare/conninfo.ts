/** Set by Cloudflare, whatever the client claims. A local workerd lets the client set it, which tests make use of. */
export function addressOf(request: Request): string {
  return request.headers.get('cf-connecting-ip') ?? 'unknown'
}
