/*
 * Addresses of the site's pages, for the site itself and for the worker, which answers 200 for these and 404 for others.
 * The API's compatible paths begin with `era` and `block`: pages have the plural.
 */

export const ERA_PAGE = /^\/eras\/(\d{1,10}|latest|current)$/
export const BLOCK_PAGE = /^\/blocks\/(\d{1,10}|[0-9a-fA-F]{64}|latest)$/

export function isPage(path: string): boolean {
  return path === '/' || ERA_PAGE.test(path) || BLOCK_PAGE.test(path)
}

/** The page that somebody means who typed the API's word: `/era/64` is `/eras/64`. null for anything else. */
export function toMeantPage(path: string): string | null {
  const meant = path.replace(/^\/(era|block)\//, '/$1s/')
  return meant !== path && isPage(meant) ? meant : null
}
