import type { Key } from './cache.ts'

/**
 * Durable keys: namespace, version of the encoding, id. An operator's drop knows ids alone, so the versions that were
 * seen are remembered by the first word of their ids: `blocks` of `blocks/12`.
 */
export class Versions {
  readonly #versions = new Map<string, Set<string>>()

  toDurableKey(namespace: string, { id, codec: { version } }: Key<unknown>): string {
    const family = toFamily(id)
    const known = this.#versions.get(family)
    if (known) known.add(version)
    else this.#versions.set(family, new Set([version]))
    return `${namespace}/${version}/${id}`
  }

  toDurableKeys(namespaces: readonly string[], ids: readonly string[]): string[] {
    return ids.flatMap((id) => {
      const versions = this.#versions.get(toFamily(id)) ?? []
      return [...versions].flatMap((version) =>
        namespaces.map((namespace) => `${namespace}/${version}/${id}`),
      )
    })
  }
}

function toFamily(id: string): string {
  const slash = id.indexOf('/')
  return slash < 0 ? id : id.slice(0, slash)
}
