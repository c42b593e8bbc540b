import { defineConfig } from 'vite'
import { apiExpressions, endpointPaths } from './build/endpoints.ts'
import { headersFile } from './build/headers.ts'
import { problemsPage } from './build/problems.ts'

/** Where the development server finds the API. */
const api = process.env['API_URL'] ?? 'http://127.0.0.1:8787'

/** First browsers with `light-dark()`: older targets would have the minifier rewrite the table of tokens. */
const LIGHT_DARK = ['chrome123', 'firefox120', 'safari17.5']

export default defineConfig({
  root: import.meta.dirname,
  plugins: [endpointPaths(), problemsPage(), headersFile()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/site',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: LIGHT_DARK,
    assetsInlineLimit: 0,
  },
  server: {
    proxy: Object.fromEntries(apiExpressions().map((path) => [path, { target: api, changeOrigin: true }])),
  },
})
