import { describe, expect, it } from 'vitest'
import { matchRoute } from '../../../site/state/route.ts'

const HASH = 'ab'.repeat(32)

describe('matchRoute()', () => {
  it.each([
    ['/', { page: 'overview' }],
    ['/eras/0', { page: 'era', id: '0' }],
    ['/eras/12345', { page: 'era', id: '12345' }],
    ['/eras/latest', { page: 'era', id: 'latest' }],
    ['/eras/current', { page: 'era', id: 'current' }],
    ['/eras/76/', { page: 'era', id: '76' }],
    ['/blocks/970', { page: 'block', id: '970' }],
    ['/blocks/latest', { page: 'block', id: 'latest' }],
    [`/blocks/${HASH.toUpperCase()}`, { page: 'block', id: HASH }],
  ])('%s', (path, route) => {
    expect(matchRoute(path)).toEqual(route)
  })

  // The API's own addresses are no pages: a link to one must leave the site.
  it.each([
    '/era',
    '/era/circulating',
    '/era/total',
    '/block',
    '/block/total',
    '/v1/eras',
    '/eras/-1',
    '/eras/1.5',
    '/eras/76/blocks',
    '/blocks/abc',
    '/Era/1',
    '/nowhere',
  ])('%s is missing', (path) => {
    expect(matchRoute(path)).toEqual({ page: 'missing', path })
  })
})
