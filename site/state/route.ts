/** A place on the site, as its path says. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'era'; readonly id: string }
  | { readonly page: 'block'; readonly id: string }
  | { readonly page: 'missing'; readonly path: string }

const ERA = /^\/eras\/(\d{1,10}|latest|current)$/
const BLOCK = /^\/blocks\/(\d{1,10}|[0-9a-fA-F]{64}|latest)$/

/** The API's own paths begin with `era` and `block`: pages have the plural. Pure: every path is a place, an unknown one is `missing`. A trailing slash says nothing. */
export function matchRoute(path: string): Route {
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path
  if (clean === '/' || clean === '') return { page: 'overview' }
  const era = ERA.exec(clean)?.[1]
  if (era !== undefined) return { page: 'era', id: era }
  const block = BLOCK.exec(clean)?.[1]
  if (block !== undefined) return { page: 'block', id: block.toLowerCase() }
  return { page: 'missing', path }
}
