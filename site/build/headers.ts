import type { Plugin } from 'vite'
import { SITE_HEADERS } from '../../src/api/site-headers.ts'

/** Writes Cloudflare's `_headers`: files that are served without the worker carry what Deno's adapter sets itself. */
export function headersFile(): Plugin {
  const lines = Object.entries(SITE_HEADERS).map(([name, value]) => `  ${name}: ${value}`)
  return {
    name: 'headers-file',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n${lines.join('\n')}\n` })
    },
  }
}
