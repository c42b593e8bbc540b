import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'

/**
 * The packings a recording may come in. A chain as it was captured is gzip; the copies kept in this
 * repository are brotli, which is a third of the size because the same keys return on every line.
 */
const packings: ReadonlyArray<readonly [suffix: string, unpack: (packed: Buffer) => Buffer]> = [
  ['', (packed) => packed],
  ['.gz', gunzipSync],
  ['.br', brotliDecompressSync],
  ['.zst', zstdDecompressSync],
]

/**
 * Reads a member of a recording, whatever it is packed with.
 * @param dir directory of the recording
 * @param name the member without its packing, such as `rpc.jsonl`
 * @returns the unpacked bytes, or null when the recording has no such member
 */
export function readMember(dir: string, name: string): Buffer | null {
  for (const [suffix, unpack] of packings) {
    const path = join(dir, name + suffix)
    if (existsSync(path)) return unpack(readFileSync(path))
  }
  return null
}

/** Like {@link readMember}, for a member that a recording cannot be without. */
export function readNeededMember(dir: string, name: string): Buffer {
  const bytes = readMember(dir, name)
  if (bytes === null) {
    throw new Error(`${dir} is no recording: it has no ${name} (plain, .gz, .br or .zst)`)
  }
  return bytes
}
