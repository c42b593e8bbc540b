import { z } from 'zod'

/**
 * Where a figure or a name of our files is said. The parser of URLs would also take `https:/host` and `https:x//host` for
 * an address: a reader who copies it would not get there.
 */
export const source = z
  .url({ protocol: /^https$/, abort: true })
  .regex(/^https:\/\/\w/i, 'must begin with https:// and a host')
