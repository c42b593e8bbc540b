import { expect, test } from 'vitest'
import { endpoints } from '../../../src/api/endpoints.ts'
import { findEndpoint, isApiPath, toBudget, toKey, toTarget } from '../../../src/middleware/paths.ts'

test.each([
  ['https://a.example/block?blockHeight=1#x', '/block?blockHeight=1', '/block', 'blockHeight=1'],
  [
    'https://a.example//transfersByEraId?eraId=1',
    '//transfersByEraId?eraId=1',
    '/transfersByEraId',
    'eraId=1',
  ],
  ['https://a.example/block/', '/block/', '/block', ''],
  ['https://a.example/v1//blocks///latest//', '/v1//blocks///latest//', '/v1/blocks/latest', ''],
  ['https://a.example/', '/', '/', ''],
  ['https://a.example//', '//', '/', ''],
  ['https://a.example', '/', '/', ''],
  ['http://a.example/%2e%2e/', '/%2e%2e/', '/', ''],
  ['http://a.example/a/../b', '/a/../b', '/b', ''],
  ['http://a.example/v1/./x/%2E%2e//health/.', '/v1/./x/%2E%2e//health/.', '/v1/health', ''],
  ['http://a.example/v1\\status?a=\\..', '/v1\\status?a=\\..', '/v1/status', 'a=\\..'],
  ['http://a.example/"{x}"', '/"{x}"', '/%22%7Bx%7D%22', ''],
  // One segment, not two: nobody may reach a path by it.
  ['http://a.example/block%2ftotal', '/block%2ftotal', '/block%2ftotal', ''],
  ['http://a.example//evil.example/..', '//evil.example/..', '/', ''],
  ['https://a.example/block?a=//b/', '/block?a=//b/', '/block', 'a=//b/'],
])('toTarget() of %s', (url, key, path, query) => {
  expect(toKey(url)).toBe(key)
  expect(toTarget(key)).toEqual({ path, query })
})

test('every endpoint is found by its path, and nothing else is', () => {
  for (const endpoint of Object.values(endpoints)) {
    expect(findEndpoint(endpoint.path.replace(/:\w+/g, '12'))).toBe(endpoint)
  }
  for (const path of ['/blocks', '/v1', '/v1/blocks/1/2', '/BLOCK', '/block/total/']) {
    expect(findEndpoint(path)).toBeNull()
  }
})

test('first words of endpoints are the API, all else may be the site', () => {
  for (const path of ['/block', '/block/nosuch', '/v1/x', '/internal/purge', '/health']) {
    expect(isApiPath(path), path).toBe(true)
  }
  for (const path of ['/', '/blocks', '/validators', '/assets/app.js', '/v10']) {
    expect(isApiPath(path), path).toBe(false)
  }
})

test('toBudget() is the endpoint own, but for filters', () => {
  expect(toBudget(endpoints.getBlocks, '')).toBe('cheap')
  expect(toBudget(endpoints.getBlocks, 'filter=')).toBe('search')
  expect(toBudget(endpoints.listBlocks, 'filter=')).toBe('list')
  expect(toBudget(endpoints.getBlocks, 'a=%')).toBe('cheap')
  expect(toBudget(null, '')).toBe('cheap')
})
