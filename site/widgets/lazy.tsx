import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { Bone, Failed } from './states.tsx'

/** A page in a chunk of its own, loaded when it is first shown. */
export function lazy<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const loaded = signal<ComponentType<Props> | null>(null)
  const error = signal<Error | null>(null)
  let started = false

  async function start() {
    started = true
    try {
      loaded.value = (await load()).default
    } catch (cause) {
      error.value = cause instanceof Error ? cause : new Error(String(cause))
    }
  }

  return function Lazy(props: Props) {
    const Page = loaded.value
    if (Page !== null) return <Page {...props} />
    // After a release the old chunk may be gone: only a fresh document knows the new one.
    if (error.value !== null) {
      return <Failed what="This page" error={error.value} onRetry={() => window.location.reload()} />
    }
    if (!started) void start()
    return <Bone height="480px" large />
  }
}
