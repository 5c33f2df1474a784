/** One notification, or what asks for or takes leave of a subscription, as it is told to one endpoint. */
export interface Notification {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'
  /** The same at every attempt. */
  readonly messageId: string
  readonly topicArn: string
  /** Empty where the topic has none. */
  readonly topicDisplayName: string
  /** Undefined while the subscription is not confirmed. */
  readonly subscriptionArn: string | undefined
  readonly subject: string | undefined
  /** What was published for this protocol; of a confirmation, what AWS says. */
  readonly message: string
  /** As it stands in the document: `2026-01-31T12:00:00.000Z`. */
  readonly timestamp: string
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>
  readonly signature: {
    readonly version: '1' | '2'
    /** Base64. */
    readonly value: string
    readonly certificateUrl: string
  }
  /** Where to unsubscribe; of a confirmation, where to confirm. */
  readonly link: string
  /** All of that as the JSON document that AWS sends. */
  readonly document: string
}

export interface MessageAttribute {
  readonly Type: string
  /** Base64 where the type is binary. */
  readonly Value: string
}

export interface Delivery {
  /** As it was subscribed: a URL, an address, a phone number, the ARN of a function. May hold a password: never logged. */
  readonly endpoint: string
  readonly notification: Notification
  /** The message alone instead of the document; HTTP and HTTPS only. */
  readonly raw: boolean
  /** The delivery policy's `headerContentType`; HTTP and HTTPS only. */
  readonly contentType: string
}

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
  deliver(delivery: Delivery, signal: AbortSignal): Promise<Outcome>
  /** Closes all connections. What is under way is to be given up before. */
  close(): Promise<void>
}

export const DELIVERED: Outcome = { ok: true }

export const GIVEN_UP: Outcome = { ok: false, retryable: true, reason: 'given up' }

export function failed(reason: string, retryable: 'retryable' | 'permanent', status?: number): Outcome {
  const outcome = { ok: false, retryable: retryable === 'retryable', reason } as const
  return status === undefined ? outcome : { ...outcome, status }
}
