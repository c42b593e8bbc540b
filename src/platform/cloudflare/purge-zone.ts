/** Drops everything that has one of the tags, in every data centre of the zone. */
export type PurgeZone = (tags: readonly string[]) => Promise<void>

/** Cloudflare takes 30 tags in one call. */
const TAGS_IN_A_CALL = 30

export interface ZoneOptions {
  readonly zoneId: string
  readonly apiToken: string
}

/** @throws when the answer is not a plain success: a purge that was refused leaves old answers in the world */
export function createPurgeZone(options: ZoneOptions, ask: typeof fetch): PurgeZone {
  const url = `https://api.cloudflare.com/client/v4/zones/${options.zoneId}/purge_cache`
  return async (tags) => {
    for (let from = 0; from < tags.length; from += TAGS_IN_A_CALL) {
      const response = await ask(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${options.apiToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ tags: tags.slice(from, from + TAGS_IN_A_CALL) }),
      })
      const text = await response.text()
      if (!response.ok || !isSuccess(text)) {
        throw new Error(`Cloudflare did not purge: HTTP ${response.status} ${text.slice(0, 200)}`)
      }
    }
  }
}

function isSuccess(text: string): boolean {
  try {
    return (JSON.parse(text) as { success?: unknown }).success === true
  } catch {
    return false
  }
}
