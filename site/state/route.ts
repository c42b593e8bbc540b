import { BLOCK_PAGE, ERA_PAGE } from '../../src/api/pages.ts'

/** A place on the site, as its path says. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'era'; readonly id: string }
  | { readonly page: 'block'; readonly id: string }
  | { readonly page: 'missing'; readonly path: string }

/** Pure: every path is a place, an unknown one is `missing`. A trailing slash says nothing. */
export function matchRoute(path: string): Route {
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path
  if (clean === '/' || clean === '') return { page: 'overview' }
  const era = ERA_PAGE.exec(clean)?.[1]
  if (era !== undefined) return { page: 'era', id: era }
  const block = BLOCK_PAGE.exec(clean)?.[1]
  if (block !== undefined) return { page: 'block', id: block.toLowerCase() }
  return { page: 'missing', path }
}
