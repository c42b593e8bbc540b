import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Started, startAll, stopAll } from '../support/start.ts'

/* The site in a real browser, served by the real worker, while the recorded chain grows by a block a second. */

const SHOTS = join(import.meta.dirname, '../../.data/screenshots')

let started: Started
let browser: Browser

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true })
  ;[started, browser] = await Promise.all([
    startAll(),
    chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-sync',
      ],
    }),
  ])
  await started.ready
  await vi.waitFor(isFollowing, { timeout: 60_000, interval: 250 })
}, 120_000)

async function isFollowing(): Promise<void> {
  const status = (await (await fetch(`${started.url}/v1/status`)).json()) as { mode: string }
  if (status.mode !== 'following') throw new Error(`still ${status.mode}`)
}

afterAll(async () => {
  await browser?.close()
  if (started) await stopAll(started)
})

/** A page that fails the test when its script throws, or anything is logged as an error. */
async function open(
  path: string,
  options: { width?: number; dark?: boolean } = {},
): Promise<{ page: Page; troubles: string[] }> {
  const troubles: string[] = []
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
  })
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  page.on('request', (request) => {
    if (!request.url().startsWith(started.url) && !request.url().startsWith('data:'))
      troubles.push(`asks ${request.url()}`)
  })
  await page.goto(started.url + path)
  return { page, troubles }
}

/** Height of the newest car of the block train. */
async function readNewest(page: Page): Promise<number> {
  const links = await page
    .locator('a[href^="/blocks/"]')
    .evaluateAll((items) => items.map((item) => item.getAttribute('href') ?? ''))
  return Math.max(-1, ...links.map((href) => Number(href.slice('/blocks/'.length))).filter(Number.isFinite))
}

describe('overview', () => {
  test('shows the chain and moves with its tip, without a reload', async () => {
    const { page, troubles } = await open('/')
    await page.getByText('Total supply').first().waitFor()
    await expect.poll(() => readNewest(page), { timeout: 20_000 }).toBeGreaterThan(500)
    const before = await readNewest(page)
    await expect.poll(() => readNewest(page), { timeout: 30_000 }).toBeGreaterThan(before + 1)
    expect(await page.locator('svg').count()).toBeGreaterThan(3)
    await page.screenshot({ path: join(SHOTS, 'overview.png'), fullPage: true })
    expect(troubles).toEqual([])
    await page.close()
  })

  test('fits a phone of 360 pixels, in the dark', async () => {
    const { page, troubles } = await open('/', { width: 360, dark: true })
    await page.getByText('Total supply').first().waitFor()
    await expect.poll(() => readNewest(page), { timeout: 20_000 }).toBeGreaterThan(500)
    // As text: the tests' own types know no document.
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(overflow).toBeLessThanOrEqual(0)
    await page.screenshot({ path: join(SHOTS, 'overview-phone.png') })
    expect(troubles).toEqual([])
    await page.close()
  })

  test('says so and keeps what it has when the API goes away, and recovers', async () => {
    const { page } = await open('/')
    await expect.poll(() => readNewest(page), { timeout: 20_000 }).toBeGreaterThan(500)
    await page.route('**/v1/**', (route) => route.abort())
    await page.getByRole('button', { name: 'Try now' }).first().waitFor({ timeout: 30_000 })
    expect(await readNewest(page)).toBeGreaterThan(500)
    await page.screenshot({ path: join(SHOTS, 'overview-away.png') })
    await page.unroute('**/v1/**')
    const before = await readNewest(page)
    await expect.poll(() => readNewest(page), { timeout: 40_000 }).toBeGreaterThan(before)
    await page.close()
  })
})

describe('era page', () => {
  test('is reached by its address, and leads to its neighbours', async () => {
    const { page, troubles } = await open('/eras/37')
    await page.getByRole('heading', { level: 1, name: /era 37/i }).waitFor()
    // What the recording's makers noted for era 37.
    await page.getByText('10,989,402,482', { exact: false }).first().waitFor()
    await page.screenshot({ path: join(SHOTS, 'era.png'), fullPage: true })
    await page.locator('a[href="/eras/38"]').first().click()
    await page.getByRole('heading', { level: 1, name: /era 38/i }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: /era 37/i }).waitFor()
    expect(troubles).toEqual([])
    await page.close()
  })

  test('that does not exist says so, and so does an unknown address', async () => {
    const { page } = await open('/eras/99999')
    await page.getByText('Era 99999 is not here').first().waitFor()
    await page.goto(`${started.url}/nowhere`)
    await page.getByText('There is no page at /nowhere').first().waitFor()
    await page.close()
  })
})
