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
    /** Base64; empty where the endpoint has no use for it. */
    readonly value: string
    readonly certificateUrl: string
  }
  /** Where to unsubscribe; of a confirmation, where to confirm. */
  readonly link: string
  /** All of that as the JSON document that AWS sends; empty where the endpoint has no use for it. */
  readonly document: string
}

export interface MessageAttribute {
  readonly Type: string
  /** Base64 where the type is binary. */
  readonly Value: string
}

/** A notification with where it goes. */
export interface Dispatch {
  /** As it was subscribed: a URL, an address, a phone number, the ARN of a function or of a delivery stream. May hold a password: never logged. */
  readonly endpoint: string
  readonly notification: Notification
  /** The message alone instead of the document; HTTP and HTTPS only. */
  readonly raw: boolean
  /** The delivery policy's `headerContentType`; HTTP and HTTPS only. */
  readonly contentType: string
}

/**
 * What waits to be pushed, and what is to become of it: kept and decided by somebody else. A source is what waits for one
 * subscription, or for the endpoints of one protocol.
 */
export interface Pushes {
  /**
   * Up to `limit` sources that have something. Each is named once until something more happens to it: whoever is told looks
   * there until there is no more. Waits for a while if there is none, and then names none.
   */
  ready(limit: number): Promise<readonly ReadySource[]>
  /** Takes up to `limit` messages, which nobody else is given for `hiddenSeconds`: nor is anybody who starts after a crash. */
  take(source: string, limit: number, hiddenSeconds: number): Promise<PushBatch>
}

export interface ReadySource {
  readonly name: string
  readonly protocol: string
}

export interface PushBatch {
  readonly pushes: readonly Push[]
  /** Whether there may be more. */
  readonly more: boolean
  /** The least time between two attempts for this source, on average, in milliseconds; 0 for none. */
  readonly spacingMs: number
}

/** One delivery to be attempted. Exactly one of the three is to be called, once it is known how that went. */
export interface Push {
  readonly dispatch: Dispatch
  /** 1 for the first. */
  readonly attempt: number
  delivered(): Promise<PushEnding>
  failed(retryable: boolean): Promise<PushEnding>
  /** There was no attempt: it is not counted, and the message can be taken again at once. */
  putBack(): Promise<void>
}

/** What became of a message after an attempt: `redriven` are those that went to a dead-letter queue. */
export type PushEnding = 'delivered' | 'to be retried' | 'redriven' | 'not redriven' | 'discarded'
