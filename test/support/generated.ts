import { afterAll } from 'vitest'
import {
  createGeneratedNode,
  type GeneratedNode,
  type GeneratedNodeOptions,
} from '../../crawler/devnet/generated/node.ts'

/** A running node of a generated chain, closed after the file (or the describe). */
export async function useGeneratedNode(options: GeneratedNodeOptions): Promise<GeneratedNode> {
  const node = createGeneratedNode(options)
  await node.listen()
  afterAll(() => node.close())
  return node
}
