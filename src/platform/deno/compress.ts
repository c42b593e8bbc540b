/** Gzip: brotli of one answer would take longer than sending what it saves. */
export async function compress(body: string): Promise<Uint8Array> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream as ReadableStream).arrayBuffer())
}
