/** The parts of Workers that this folder uses: all of its types would clash with those of Node. */
declare module 'cloudflare:workers' {
  export const env: Readonly<Record<string, unknown>>
  /** Of the request that is being handled when it is called, wherever it is called. */
  export function waitUntil(work: Promise<unknown>): void
}
