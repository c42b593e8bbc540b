import { toU512 } from './writer.ts'

/** CLValues as nodes write them: type, bytes and the reading that a node offers beside them. */

/** `"cl_type":"U512",…` without the braces. */
export const u512Members = (value: bigint): string =>
  `"cl_type":"U512","bytes":"${toU512(value)}","parsed":"${value}"`

export const u512Text = (value: bigint): string => `{${u512Members(value)}}`

/** A transfer's id. */
export function optionalU64Text(value: bigint | null): string {
  if (value === null) return '{"cl_type":{"Option":"U64"},"bytes":"00","parsed":null}'
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return `{"cl_type":{"Option":"U64"},"bytes":"01${bytes.toString('hex')}","parsed":${value}}`
}

export const publicKeyText = (key: string): string =>
  `{"cl_type":"PublicKey","bytes":"${key}","parsed":"${key}"}`
