import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { type CityResponse, Reader } from 'mmdb-lib'
import { z } from 'zod'
import { NOWHERE, type Place } from '../../src/domain/peer.ts'

/** Finds the place of an IP address. */
export type Locate = (address: string) => Place

/** Control characters, and those that turn text round or are not seen. */
const CONTROL = /[\p{Cc}\p{Cf}]/gu

const text = z
  .string()
  .transform((value) => value.replace(CONTROL, '').trim() || null)
  .nullish()
  .catch(null)
/** Stored in single precision there: the digits after the fourth, 10 m, are noise. */
const degrees = (bound: number) =>
  z
    .number()
    .min(-bound)
    .max(bound)
    .transform((value) => Math.round(value * 1e4) / 1e4)
    .nullish()
    .catch(null)

/** Names of the databases of the ip-location-db project: city, country and asn ones. */
const schema = z.object({
  country_code: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullish()
    .catch(null),
  state1: text,
  city: text,
  postcode: text,
  timezone: text,
  latitude: degrees(90),
  longitude: degrees(180),
  autonomous_system_organization: text,
})

/**
 * Reads MMDB files into memory, 134 MB for the cities of the world: for one look around, so that a newer file is taken at
 * the next one. Where several files know an address, the first that tells a thing is believed.
 * @throws an error that names the file
 */
export async function openLocations(files: readonly string[]): Promise<Locate> {
  const readers: Reader<CityResponse>[] = []
  for (const file of files) {
    try {
      readers.push(new Reader<CityResponse>(await readFile(file)))
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? 'it is no MMDB file'
      throw new Error(`${file} cannot be read (${reason})`, { cause })
    }
  }
  return (address) => {
    let place = NOWHERE
    for (const reader of readers) {
      // A tree of IPv4 addresses takes the first half of an IPv6 address for one, and gives a wrong place.
      if (isIPv6(address) && reader.metadata.ipVersion !== 6) continue
      place = fill(place, toPlace(reader.get(address)))
    }
    return place
  }
}

function toPlace(record: unknown): Place {
  const found = schema.safeParse(record).data
  if (found === undefined) return NOWHERE
  const hasBoth = found.latitude != null && found.longitude != null
  return {
    country: found.country_code ?? null,
    region: found.state1 ?? null,
    city: found.city ?? null,
    postal: found.postcode ?? null,
    timezone: found.timezone ?? null,
    latitude: hasBoth ? (found.latitude ?? null) : null,
    longitude: hasBoth ? (found.longitude ?? null) : null,
    organisation: found.autonomous_system_organization ?? null,
  }
}

/** What is known stays; what is not is taken of `other`. */
function fill(place: Place, other: Place): Place {
  const told = Object.entries(place).filter(([, value]) => value !== null)
  return { ...other, ...Object.fromEntries(told) }
}
