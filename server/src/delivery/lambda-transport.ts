import type { Dispatch } from '../core/pushes.ts'
import { snsEvent } from './lambda-event.ts'
import { DELIVERED, failed, GIVEN_UP, type Outcome, type Transport } from './transport.ts'

/** How an asynchronous call of a function was taken. What the function then does is no longer the caller's. */
export type Invocation =
  | { readonly kind: 'accepted' }
  /** There is no such function, or it may not be called: calling again changes nothing. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It has too much to do, or the runner is not there. */
  | { readonly kind: 'busy'; readonly reason: string }

/** Whoever runs functions. */
export interface FunctionInvoker {
  /** Calls a function asynchronously with JSON. `signal` gives up waiting for a place. */
  invoke(functionArn: string, payload: string, signal: AbortSignal): Promise<Invocation>
  /** Lets go of its connections, where it has any. */
  close?(): void
}

/** Calls functions, as AWS does: asynchronously, one notification a call. */
export class LambdaTransport implements Transport {
  readonly #invoker: FunctionInvoker

  constructor(invoker: FunctionInvoker) {
    this.#invoker = invoker
  }

  async deliver({ endpoint, notification }: Dispatch, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return GIVEN_UP
    const payload = JSON.stringify(snsEvent(notification))
    const invocation = await this.#invoker.invoke(endpoint, payload, signal)
    switch (invocation.kind) {
      case 'accepted':
        return DELIVERED
      case 'refused':
        return failed(invocation.reason, 'permanent')
      case 'busy':
        return signal.aborted ? GIVEN_UP : failed(invocation.reason, 'retryable')
      default:
        return invocation satisfies never
    }
  }

  async close(): Promise<void> {
    this.#invoker.close?.()
  }
}
