import type { Plugin } from 'vite'
import { endpoints } from '../../src/api/endpoints.ts'

const ID = 'virtual:endpoints'

/** Names and paths of the endpoint list, so that the bundle holds no schema and no second list. */
export const paths: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(endpoints).map((endpoint) => [endpoint.name, endpoint.path]),
)

/** Serves `virtual:endpoints`: the table above as a module. */
export function endpointPaths(): Plugin {
  return {
    name: 'endpoint-paths',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export const paths = ${JSON.stringify(paths)}` : undefined),
  }
}

/** One expression per API path, for the development server to tell the API's addresses from the site's. */
export function apiExpressions(): string[] {
  return Object.values(paths).map((path) => `^${path.replaceAll(/:[a-zA-Z]+/g, '[^/?]+')}(\\?.*)?$`)
}
