import type { PublicKey } from './keys.ts'
import type { Ms } from './time.ts'

/** Where a peer stands, as a database of addresses has it; null for what it does not tell. */
export interface Place {
  /** ISO 3166-1, two capital letters. */
  readonly country: string | null
  readonly region: string | null
  readonly city: string | null
  readonly postal: string | null
  /** IANA name. */
  readonly timezone: string | null
  /** Degrees, north and east positive: of the city, not of the machine. */
  readonly latitude: number | null
  readonly longitude: number | null
  /** Who holds the address. */
  readonly organisation: string | null
}

export const NOWHERE: Place = {
  country: null,
  region: null,
  city: null,
  postal: null,
  timezone: null,
  latitude: null,
  longitude: null,
  organisation: null,
}

/** What a peer says of itself. The key is its word: nothing in a status proves it. */
export interface Said {
  /** Signing key of the node, whether or not it validates. */
  readonly validator: PublicKey | null
  readonly version: string
  readonly apiVersion: string
}

/** A machine of the network as the crawler saw it: the one shape that holds its address. */
export interface SeenPeer {
  /** Canonical text of an IP address. */
  readonly address: string
  /** null of one that gave no status. */
  readonly said: Said | null
  readonly place: Place
}

/** A peer as readers get it, without its address. */
export interface Peer {
  readonly validator: PublicKey | null
  /** null, as the API's version, of one that gave no status. */
  readonly version: string | null
  readonly apiVersion: string | null
  readonly place: Place
  /** When one of our nodes or another peer last told of it, or it answered. */
  readonly seenAt: Ms
}
