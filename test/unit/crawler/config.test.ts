import { expect, test } from 'vitest'
import { parseConfig, pickConfig, toEdges } from '../../../crawler/config.ts'
import { ConfigError } from '../../../crawler/settings.ts'

const good = { CASPER_NODES: 'http://127.0.0.1:7777/rpc', DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/d' }

test('parseConfig() takes several nodes, and defaults for the rest', () => {
  const config = parseConfig({ ...good, CASPER_NODES: 'http://a:7777/rpc, https://b/rpc,' })
  expect(config.CASPER_NODES).toEqual(['http://a:7777/rpc', 'https://b/rpc'])
  expect(config).toMatchObject({ START_HEIGHT: 0, CASPER_EVENTS: [] })
})

test('parseConfig() treats an empty variable as absent', () => {
  expect(parseConfig({ ...good, PURGE_TOKEN: '', START_HEIGHT: '' })).toMatchObject({ START_HEIGHT: 0 })
})

test.each([
  ['CASPER_NODES', undefined, 'CASPER_NODES is not set'],
  ['CASPER_NODES', 'ftp://a', 'CASPER_NODES: must be a URL'],
  ['CASPER_NODES', ',', 'CASPER_NODES: must name at least one node'],
  ['DATABASE_URL', 'postgres://a/b', 'DATABASE_URL: must be a URL such as mysql://'],
  ['START_HEIGHT', 'ten', 'START_HEIGHT: must be a height'],
  ['START_HEIGHT', '-1', 'START_HEIGHT:'],
  ['PURGE_TOKEN', 'short', 'PURGE_TOKEN: must have at least 16 characters'],
])('parseConfig() names %s when it is %s', (name, value, message) => {
  const parse = () => parseConfig({ ...good, [name]: value })
  expect(parse).toThrow(ConfigError)
  expect(parse).toThrow(message)
})

test('toEdges() names every edge once, whichever setting names it', () => {
  const token = { PURGE_TOKEN: 'secret-of-16-chars' }
  const edges = { EDGE_URLS: 'https://a.example, https://b.example/', PUBLIC_URL: 'https://b.example' }
  expect(toEdges(parseConfig({ ...good, ...token, ...edges }))).toEqual([
    'https://a.example',
    'https://b.example',
  ])
  expect(toEdges(parseConfig(good))).toEqual([])
})

test.each([{ PUBLIC_URL: 'https://a.example' }, { EDGE_URLS: 'https://a.example' }])(
  'parseConfig() refuses %j without the token that the edges ask for',
  (edges) => {
    expect(() => parseConfig({ ...good, ...edges })).toThrow(/^PURGE_TOKEN is not set/)
  },
)

test('pickConfig() asks only for what a command needs', () => {
  expect(pickConfig({ DATABASE_URL: good.DATABASE_URL }, 'DATABASE_URL')).toEqual({
    DATABASE_URL: good.DATABASE_URL,
  })
  expect(() => pickConfig({}, 'DATABASE_URL')).toThrow(new ConfigError('DATABASE_URL is not set'))
})
