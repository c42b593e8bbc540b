import { readNewestPage } from './blocks.ts'
import { readEraTransfers, readNewestTransferPage } from './era-transfers.ts'
import { readEra, readNewestEraPage } from './eras.ts'
import { type Head, readHead, toLastCompleted } from './head.ts'
import type { ReadPorts } from './ports.ts'
import { readCurrentPrice } from './prices.ts'
import { TOP_TRANSFERS } from './transfer-page.ts'

/** A value that is loaded before anybody asks for it. */
export interface Headline {
  readonly name: string
  read(): Promise<unknown>
}

/**
 * What to read after a purge, so that no visitor pays for the miss: the head, which most answers begin with, the
 * last completed era with its transfers, the price, and each kind of page that has just become complete. Each read costs nothing
 * where a tier still holds the value.
 */
export async function toHeadlines(ports: ReadPorts): Promise<readonly Headline[]> {
  const head: Head = (await readHead(ports)).value
  const completed = toLastCompleted(head)
  return [
    { name: 'blocks', read: async () => readNewestPage(ports, head) },
    { name: 'eras', read: async () => readNewestEraPage(ports, head) },
    { name: 'transfers', read: async () => readNewestTransferPage(ports, head) },
    { name: 'last era', read: async () => completed && readEra(ports, completed.id) },
    {
      name: 'last era transfers',
      read: async () => completed && readEraTransfers(ports, completed.id, TOP_TRANSFERS),
    },
    { name: 'price', read: async () => (await readCurrentPrice(ports)).value },
  ]
}
