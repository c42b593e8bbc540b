import { hash as digest, sign as signBy } from 'node:crypto'
import { type SigningKey, sha512, toPoint } from './keys.ts'
import { Purpose, type Random } from './random.ts'

/** Signs finality messages of one key. @returns 128 hex digits, without the algorithm's tag */
export type Sign = (message: Buffer) => string

/** Order of ed25519's group. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n
/** Order of secp256k1's group. */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/**
 * Valid, reproducible signatures at a tenth of the usual price: the random point of a signature, which costs nearly all
 * of it, is made once for each key. Whoever sees two of them can compute the secret key; ours come from a public seed.
 * (It also makes the ECDSA ones the same each time, which OpenSSL's are not.)
 */
export function createSign(key: SigningKey, random: Random, index: number): Sign {
  return key.kind === 'ed25519' ? createEd25519(key) : createSecp256k1(key, random, index)
}

/** RFC 8032: S = r + H(R, A, message) * a, with r and R taken out of one ordinary signature. */
function createEd25519(key: SigningKey & { kind: 'ed25519' }): Sign {
  const expanded = sha512(key.secret).subarray(0, 32)
  expanded[0] = (expanded[0] as number) & 0xf8
  expanded[31] = ((expanded[31] as number) & 0x7f) | 0x40
  const a = toInt(expanded) % L
  const point = Buffer.from(key.publicKey.slice(2), 'hex')
  const ordinary = signBy(null, point, key.object)
  const R = ordinary.subarray(0, 32)
  const r = mod(toInt(ordinary.subarray(32)) - toInt(sha512(R, point, point)) * a, L)
  const opening = R.toString('hex')
  const buffer = Buffer.concat([R, point, Buffer.alloc(MOST_MESSAGE)])
  return (message) => {
    message.copy(buffer, 64)
    const challenge = digest('sha512', buffer.subarray(0, 64 + message.length), 'buffer')
    return opening + toLittleEndian((r + toInt(challenge) * a) % L)
  }
}

/** A finality message of 2.x has 80 bytes, one of 1.x 40. */
const MOST_MESSAGE = 80

/** SEC 1, 4.1.3, over SHA-256, with the lower of the two possible s as nodes want it. */
function createSecp256k1(key: SigningKey, random: Random, index: number): Sign {
  const nonce = random.bytes(Purpose.nonce, index)
  nonce[0] = 0x01
  const k = BigInt(`0x${nonce.toString('hex')}`)
  const r = BigInt(`0x${toPoint(nonce).toString('hex').slice(2)}`) % N
  const inverse = power(k, N - 2n, N)
  const d = BigInt(`0x${key.secret.toString('hex')}`)
  const product = (r * d) % N
  const opening = toBigEndian(r)
  return (message) => {
    const z = BigInt(`0x${digest('sha256', message, 'hex')}`)
    const s = (inverse * (z + product)) % N
    return opening + toBigEndian(s > N / 2n ? N - s : s)
  }
}

/** An integer of little-endian bytes, a multiple of eight of them. */
function toInt(bytes: Buffer): bigint {
  let value = 0n
  for (let at = bytes.length - 8; at >= 0; at -= 8) value = (value << 64n) | bytes.readBigUInt64LE(at)
  return value
}

const toBigEndian = (value: bigint): string => value.toString(16).padStart(64, '0')

const scratch = Buffer.alloc(32)

function toLittleEndian(value: bigint): string {
  scratch.write(toBigEndian(value), 'hex')
  return scratch.reverse().toString('hex')
}

const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus

/** `base` to the power of `exponent`; with a prime modulus and an exponent two less, the inverse. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % modulus) {
    if (rest & 1n) result = (result * square) % modulus
  }
  return result
}
