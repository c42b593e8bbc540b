/**
 * BLAKE2b with a digest of 32 bytes and no key (RFC 7693), compiled to WebAssembly at start: it has 64-bit integers, so
 * that a hash costs a tenth of what 32-bit halves in JavaScript cost, and hashes are most of what a block costs to make.
 */

const IV = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
]
/** RFC 7693, 2.7; rounds 10 and 11 repeat the first two. */
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
]
/** Places in the working vector that each of a round's eight steps mixes: columns, then diagonals. */
const STEPS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const

const STATE = 64
const BLOCK = 128

/** Signed LEB128. */
function leb(value: bigint): number[] {
  const bytes: number[] = []
  for (let rest = BigInt.asIntN(64, value); ; ) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    if ((rest === 0n && low < 64) || (rest === -1n && low >= 64)) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

const size = (length: number): number[] =>
  length < 128 ? [length] : [(length & 127) | 128, ...size(length >> 7)]
const sized = (bytes: readonly number[]): number[] => [...size(bytes.length), ...bytes]

/** The compression function: memory holds the state, then the block; v0 to v15 are locals behind the two parameters. */
function toBody(): number[] {
  const v = (i: number) => i + 2
  const get = (i: number) => [0x20, v(i)]
  const set = (i: number) => [0x21, v(i)]
  const [ADD, XOR] = [0x7c, 0x85]
  const load = (at: number) => [0x41, 0, 0x29, 3, ...size(at)]
  const rotate = (by: number) => [0x42, ...leb(BigInt(by)), 0x8a]
  const add = (a: number, b: number) => [...get(a), ...get(b), ADD]
  const turn = (d: number, a: number, by: number) => [...get(d), ...get(a), XOR, ...rotate(by), ...set(d)]
  const word = (i: number | undefined) => load(STATE + (i ?? 0) * 8)

  const code: number[] = []
  for (let i = 0; i < 8; i++)
    code.push(...load(i * 8), ...set(i), 0x42, ...leb(IV[i] as bigint), ...set(i + 8))
  // How many bytes were taken in so far, and whether this block is the last.
  code.push(...get(12), 0x20, 0, 0xad, XOR, ...set(12), ...get(14), 0x20, 1, 0xac, XOR, ...set(14))
  for (let round = 0; round < 12; round++) {
    const sigma = SIGMA[round % 10] as readonly number[]
    for (const [i, [a, b, c, d]] of STEPS.entries()) {
      code.push(...add(a, b), ...word(sigma[2 * i]), ADD, ...set(a), ...turn(d, a, 32))
      code.push(...add(c, d), ...set(c), ...turn(b, c, 24))
      code.push(...add(a, b), ...word(sigma[2 * i + 1]), ADD, ...set(a), ...turn(d, a, 16))
      code.push(...add(c, d), ...set(c), ...turn(b, c, 63))
    }
  }
  for (let i = 0; i < 8; i++) {
    code.push(0x41, 0, ...load(i * 8), ...get(i), XOR, ...get(i + 8), XOR, 0x37, 3, ...size(i * 8))
  }
  return sized([1, 16, 0x7e, ...code, 0x0b])
}

interface Compiled {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly compress: (bytesSoFar: number, isLast: 0 | -1) => void
}
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

function compile(): Compiled {
  const name = (text: string) => sized([...Buffer.from(text)])
  const bytes = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // One type (two i32, no result), one function of it, one page of memory, both exported, the code.
    ...[1, ...sized([1, 0x60, 2, 0x7f, 0x7f, 0])],
    ...[3, ...sized([1, 0])],
    ...[5, ...sized([1, 0, 1])],
    ...[7, ...sized([2, ...name('memory'), 2, 0, ...name('compress'), 0, 0])],
    ...[10, ...sized([1, ...toBody()])],
  ])
  // TypeScript declares it with the browser's library only.
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly
  return new Instance(new Module(bytes)).exports as Compiled
}

const { memory, compress } = compile()
const view = Buffer.from(memory.buffer)
const block = view.subarray(STATE, STATE + BLOCK)
const start = Buffer.alloc(STATE)
for (const [i, word] of IV.entries()) start.writeBigUInt64LE(i === 0 ? word ^ 0x01010020n : word, i * 8)

/** @returns 64 hex digits */
export function blake2b256(bytes: Buffer): string {
  view.set(start, 0)
  let at = 0
  for (; at + BLOCK < bytes.length; at += BLOCK) {
    bytes.copy(block, 0, at, at + BLOCK)
    compress(at + BLOCK, 0)
  }
  const copied = bytes.copy(block, 0, at)
  block.fill(0, copied)
  compress(bytes.length, -1)
  return view.toString('hex', 0, 32)
}
