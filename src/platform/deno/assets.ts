import { matchesEtag } from '../../lib/etag.ts'
import { toHex } from '../../lib/hex.ts'

export type Assets = (request: Request, path: string) => Response | null

interface File {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
  readonly cacheControl: string
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
}

/**
 * The built site, read once into memory: a megabyte or two, and no path of a request ever becomes a path on the disk.
 * Without a built site there are no files.
 * @param headers set on each file
 */
export async function createAssets(
  folder: string,
  headers: Readonly<Record<string, string>>,
): Promise<Assets> {
  const files = new Map<string, File>()
  try {
    await readFolder(folder, '/', files)
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error
  }
  return (request, path) => {
    const file = files.get(path)
    if (file) return toResponse(request, file, headers)
    const own = toOwnPath(path)
    return own !== path && files.has(own) ? redirect(own) : null
  }
}

/** As Cloudflare does: `/` is /index.html, `/docs/problems` is /docs/problems.html, and all other spellings lead there. */
function toOwnPath(path: string): string {
  return decode(path)
    .replace(/\.html$/, '')
    .replace(/^\/index$/, '/')
}

/** @returns the text as it is where it is no encoding of anything */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function redirect(location: string): Response {
  return new Response(null, { status: 307, headers: { location } })
}

async function readFolder(folder: string, prefix: string, files: Map<string, File>): Promise<void> {
  for await (const { name, isFile, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await readFolder(`${folder}/${name}`, `${prefix}${name}/`, files)
    // `_headers` and its like are Cloudflare's.
    if (isFile && !name.startsWith('_')) {
      const bytes = await Deno.readFile(`${folder}/${name}`)
      files.set(toOwnPath(prefix + name), await toFile(prefix + name, bytes))
    }
  }
}

async function toFile(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<File> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return {
    bytes,
    type: TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    etag: `"${toHex(digest, 0, 12)}"`,
    // Vite puts a hash of the content into the names under assets/.
    cacheControl: path.startsWith('/assets/')
      ? 'public, max-age=31536000, immutable'
      : 'public, max-age=0, must-revalidate',
  }
}

function toResponse(request: Request, file: File, headers: Readonly<Record<string, string>>): Response {
  const { bytes, type, etag, cacheControl } = file
  const ifNoneMatch = request.headers.get('if-none-match')
  const isKnown = ifNoneMatch !== null && matchesEtag(ifNoneMatch, etag)
  if (isKnown)
    return new Response(null, { status: 304, headers: { ...headers, etag, 'cache-control': cacheControl } })
  return new Response(request.method === 'HEAD' ? null : bytes, {
    headers: {
      ...headers,
      'content-type': type,
      // Deno would say 0 to HEAD.
      'content-length': String(bytes.length),
      etag,
      'cache-control': cacheControl,
    },
  })
}
