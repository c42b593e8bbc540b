import type { Plugin } from 'vite'
import { PROBLEMS } from '../../src/api/problem.ts'

const FILE = 'docs/problems.html'

/** Writes the page that the `type` of each problem document points to, from the one list of problems. */
export function problemsPage(): Plugin {
  return {
    name: 'problems-page',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: toPage() })
    },
  }
}

function toPage(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>Problems of the Casper Metrics API</title>
<style>
  :root { color-scheme: light dark }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  td, th { text-align: left; padding: 8px; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }
  tr:target { background: color-mix(in srgb, currentColor 12%, transparent) }
</style>
<h1>Problems</h1>
<p>Errors are problem documents (RFC 9457): <code>type</code> leads here, <code>detail</code> says what happened this time,
<code>errors</code> names each parameter with what is allowed and what was sent.</p>
<table>
<tr><th>Code</th><th>Status</th><th>Meaning</th></tr>
${rows.join('\n')}
</table>
<p><a href="/">Casper Metrics</a></p>
</html>
`
}
