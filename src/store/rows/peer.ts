import type { Peer, SeenPeer } from '../../domain/peer.ts'
import type { Ms } from '../../domain/time.ts'
import type { peers } from '../schema/peers.ts'
import { fitNullable } from './text.ts'

export type PeerRow = typeof peers.$inferSelect

export function toPeerRow({ address, said, place }: SeenPeer, at: Ms): PeerRow {
  return {
    address,
    validator: said?.validator ?? null,
    version: fitNullable(said?.version ?? null, 100),
    apiVersion: fitNullable(said?.apiVersion ?? null, 50),
    country: place.country,
    region: fitNullable(place.region, 100),
    city: fitNullable(place.city, 100),
    postal: fitNullable(place.postal, 20),
    timezone: fitNullable(place.timezone, 50),
    latitude: place.latitude,
    longitude: place.longitude,
    organisation: fitNullable(place.organisation, 200),
    seenAt: at,
    answeredAt: said === null ? null : at,
  }
}

export function toPeer(row: Omit<PeerRow, 'address' | 'answeredAt'>): Peer {
  return {
    validator: row.validator,
    version: row.version,
    apiVersion: row.apiVersion,
    place: {
      country: row.country,
      region: row.region,
      city: row.city,
      postal: row.postal,
      timezone: row.timezone,
      latitude: row.latitude,
      longitude: row.longitude,
      organisation: row.organisation,
    },
    seenAt: row.seenAt,
  }
}
