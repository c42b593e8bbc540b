interface Slot<V> {
  readonly value: V
  readonly size: number
  used: boolean
}

/**
 * A map within a bound of bytes and of entries. What was used since the last sweep gets a second chance: a hit only
 * sets a flag, where a strict LRU would move the entry, and the hot path is nothing but hits.
 */
export class Bounded<V> {
  readonly #slots = new Map<string, Slot<V>>()
  readonly #maxBytes: number
  readonly #maxEntries: number
  #bytes = 0

  constructor(maxBytes: number, maxEntries = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes
    this.#maxEntries = maxEntries
  }

  get bytes(): number {
    return this.#bytes
  }

  get entries(): number {
    return this.#slots.size
  }

  get(key: string): V | undefined {
    const slot = this.#slots.get(key)
    if (slot === undefined) return undefined
    slot.used = true
    return slot.value
  }

  /** A value larger than an eighth of the bound is not kept: it would push out everything else. */
  set(key: string, value: V, size: number): void {
    this.delete(key)
    if (size > this.#maxBytes / 8) return
    this.#slots.set(key, { value, size, used: false })
    this.#bytes += size
    while (this.#bytes > this.#maxBytes || this.#slots.size > this.#maxEntries) this.#evictOne()
  }

  delete(key: string): void {
    const slot = this.#slots.get(key)
    if (slot === undefined) return
    this.#slots.delete(key)
    this.#bytes -= slot.size
  }

  clear(): void {
    this.#slots.clear()
    this.#bytes = 0
  }

  /** Every pair; what is deleted meanwhile is left out. */
  *pairs(): IterableIterator<[string, V]> {
    for (const [key, slot] of this.#slots) yield [key, slot.value]
  }

  #evictOne(): void {
    for (const [key, slot] of this.#slots) {
      this.#slots.delete(key)
      if (!slot.used) {
        this.#bytes -= slot.size
        return
      }
      slot.used = false
      this.#slots.set(key, slot)
    }
  }
}
