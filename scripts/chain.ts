import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Network } from '../src/domain/network.ts'
import { connectMysql } from '../src/store/mysql.ts'
import { createStoreReader } from '../src/store/reader.ts'
import { StartError } from './settings.ts'

/**
 * Holds the data directory to one chain: the edge's cache in it is of the chain that is noted in `chain.json`. A store
 * of another chain beside it (another DATABASE_URL) is refused; the first one seen is noted.
 * @returns false while nothing is stored yet, so that nothing could be compared
 * @throws {StartError}
 */
export async function checkChain(dataDir: string, databaseUrl: string): Promise<boolean> {
  const stored = await readNetwork(databaseUrl)
  if (stored === null) return false
  const file = join(dataDir, 'chain.json')
  if (!existsSync(file)) {
    writeFileSync(file, `${JSON.stringify(stored)}\n`)
    return true
  }
  const noted = JSON.parse(readFileSync(file, 'utf8')) as Network
  if (noted.name !== stored.name || noted.genesisHash !== stored.genesisHash) {
    throw new StartError(
      `The cache in ${dataDir} is of the chain ${toName(noted)}, the store holds ${toName(stored)}: use another DATA_DIR.`,
    )
  }
  return true
}

function toName({ name, genesisHash }: Network): string {
  return `${name} (first block ${genesisHash.slice(0, 8)}…)`
}

async function readNetwork(databaseUrl: string): Promise<Network | null> {
  const { db, close } = connectMysql(databaseUrl, { connections: 1 })
  try {
    return (await createStoreReader(db).readTip())?.network ?? null
  } finally {
    await close()
  }
}
