import type { ComponentChildren } from 'preact'
import { ApiError } from '../client.ts'

interface BoneProps {
  width?: string
  height?: string
  /** Quieter, for what fills a card. */
  large?: boolean
}

/** A place where something will be, in its final size. */
export function Bone({ width, height, large = false }: BoneProps) {
  return (
    <span
      class={large ? 'bone bone-large' : 'bone'}
      style={{ width: width ?? '100%', height: height ?? '0.8em' }}
      aria-hidden="true"
    />
  )
}

interface FailedProps {
  /** What failed, as a noun: "The eras". */
  what: string
  error: Error
  /** Whether older figures stay on the screen. */
  kept?: boolean
  onRetry: () => void
}

/** Names what failed and why, and offers to try again. */
export function Failed({ what, error, kept = false, onRetry }: FailedProps) {
  const reason = error instanceof ApiError ? `${error.title}. ${error.detail}` : error.message
  return (
    <div class="failed" role="alert">
      <p>
        <strong>{what} could not be loaded.</strong> {reason}
        {kept && ' What is shown is from before.'}
      </p>
      <button type="button" class="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}

/** Says why there is nothing. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>
}
