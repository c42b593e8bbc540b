/** The sidecar's limit: a burst for each client address, refilled at a steady rate. */
export type RateLimit = {
  /** Calls that may come at once. */
  burst: number
  /** Calls per second that are given back. The sidecar gives back one. */
  perSecond?: number
}

/** Takes one call off an address's allowance. @returns 0, or the seconds until the next one is free */
export type Allow = (address: string) => number

/** @param now milliseconds of a clock that does not go back */
export function createAllowance({ burst, perSecond = 1 }: RateLimit, now: () => number): Allow {
  const buckets = new Map<string, { left: number; at: number }>()
  return (address) => {
    const at = now()
    const bucket = buckets.get(address) ?? { left: burst, at }
    bucket.left = Math.min(burst, bucket.left + ((at - bucket.at) / 1000) * perSecond)
    bucket.at = at
    buckets.set(address, bucket)
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond))
    bucket.left -= 1
    return 0
  }
}
