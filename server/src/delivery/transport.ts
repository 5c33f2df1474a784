import type { Dispatch } from '../core/pushes.ts'

/** How one attempt ended. */
export type Outcome =
  | { readonly ok: true }
  | {
      readonly ok: false
      /** Whether another attempt may succeed. Where it can't, AWS goes straight to the dead-letter queue. */
      readonly retryable: boolean
      /** For logs: without passwords, and without anything of the message. */
      readonly reason: string
      /** What the other side answered in its own numbers, if it did: an HTTP status, an SMTP reply code, an SMPP command status. */
      readonly status?: number
    }

/** A way to the endpoints of one protocol. */
export interface Transport {
  /**
   * Makes one attempt, within limits of its own. Never rejects: what goes wrong is an outcome. When `signal` is aborted the
   * attempt is given up at once, as retryable; it may have reached the endpoint. Deliveries may share a signal.
   */
  deliver(delivery: Dispatch, signal: AbortSignal): Promise<Outcome>
  /** Closes all connections. What is under way is to be given up before. */
  close(): Promise<void>
}

export const DELIVERED: Outcome = { ok: true }

export const GIVEN_UP: Outcome = { ok: false, retryable: true, reason: 'given up' }

export function failed(reason: string, retryable: 'retryable' | 'permanent', status?: number): Outcome {
  const outcome = { ok: false, retryable: retryable === 'retryable', reason } as const
  return status === undefined ? outcome : { ...outcome, status }
}
