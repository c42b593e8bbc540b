import { useSignal } from '@preact/signals'
import { CopyIcon, DoneIcon } from './icons.tsx'

const FEEDBACK = 1_500

/** Copies `text` and says so. @param what completes "Copy …" for screen readers and on hover */
export function Copy({ text, what }: { text: string; what: string }) {
  const state = useSignal<'idle' | 'done' | 'failed'>('idle')
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      state.value = 'done'
    } catch {
      // Outside https or without permission there is no clipboard.
      state.value = 'failed'
    }
    setTimeout(() => {
      state.value = 'idle'
    }, FEEDBACK)
  }
  return (
    <button type="button" class="copy" data-state={state.value} title={`Copy ${what}`} onClick={copy}>
      {state.value === 'done' ? <DoneIcon /> : <CopyIcon />}
      <span class="unseen">{`Copy ${what}`}</span>
      <span class="copy-said" role="status">
        {state.value === 'done' ? 'Copied' : state.value === 'failed' ? 'Cannot copy here' : ''}
      </span>
    </button>
  )
}
