import { createModel, effect, signal, untracked } from '@preact/signals'

/**
 * One answer that a page needs. A failed reload keeps what was there; a page that is left aborts what is under way.
 * @param load asks; throws what went wrong
 */
export function createResource<T>(load: (signal: AbortSignal) => Promise<T>) {
  const Resource = createModel(() => {
    const data = signal<T | null>(null)
    const error = signal<Error | null>(null)
    const loading = signal(true)
    let running = new AbortController()

    async function reload() {
      running.abort()
      const mine = new AbortController()
      running = mine
      loading.value = true
      try {
        const answer = await load(mine.signal)
        if (mine.signal.aborted) return
        data.value = answer
        error.value = null
      } catch (cause) {
        if (mine.signal.aborted) return
        error.value = cause instanceof Error ? cause : new Error(String(cause))
      }
      loading.value = false
    }

    effect(() => {
      untracked(() => void reload())
      return () => running.abort()
    })

    return { data, error, loading, reload: () => void reload() }
  })
  return new Resource()
}

export type Resource<T> = ReturnType<typeof createResource<T>>
