import { describe, expect, test } from 'vitest'
import { toSiteAnswer } from '../../../src/middleware/site.ts'

const FILES = ['/', '/assets/main.js', '/robots.txt']
const assets = (_request: Request, path: string) =>
  FILES.includes(path) ? new Response(`file ${path}`, { headers: { etag: '"1"' } }) : null

async function ask(path: string, accept = '*/*') {
  const request = new Request(`http://edge${path}`, { headers: { accept } })
  const response = await toSiteAnswer(assets, request, path)
  return (
    response && {
      status: response.status,
      body: await response.text(),
      location: response.headers.get('location'),
    }
  )
}

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8'

describe('what is no endpoint', () => {
  test('is a file where there is one', async () => {
    expect(await ask('/robots.txt')).toMatchObject({ status: 200, body: 'file /robots.txt' })
  })

  test('is the site at the address of one of its pages, for everybody', async () => {
    for (const path of ['/eras/64', '/eras/latest', '/blocks/500', `/blocks/${'ab'.repeat(32)}`]) {
      expect(await ask(path), path).toMatchObject({ status: 200, body: 'file /' })
    }
  })

  test('is not found for people with the site, for programs with a problem', async () => {
    for (const path of ['/nowhere', '/eras/abc', '/openapi', '/v2/blocks', '/Block']) {
      expect(await ask(path, BROWSER), path).toMatchObject({ status: 404, body: 'file /' })
      expect(await ask(path), path).toBeNull()
    }
  })

  test('leads a person who typed the word of the API to the page', async () => {
    expect(await ask('/era/64', BROWSER)).toMatchObject({ status: 302, location: '/eras/64' })
    expect(await ask('/block/500', BROWSER)).toMatchObject({ status: 302, location: '/blocks/500' })
    expect(await ask('/era/64')).toBeNull()
    expect(await ask('/block/../x', BROWSER)).toMatchObject({ status: 404 })
  })
})
