import { Buffer } from 'node:buffer'
import type { CellClient } from '../../core/ports.ts'
import type { PushTarget } from './commands.ts'
import {
  DEFAULT_REQUEST_POLICY,
  deliverySpacingMs,
  type EffectiveDeliveryPolicy,
  effectiveSubscriptionPolicy,
  parseSubscriptionDeliveryPolicy,
  parseTopicDeliveryPolicy,
} from './delivery-policy.ts'
import { envelopeBytes } from './envelope.ts'
import { type DirectOrigin, decodeDirectOrigin, decodeOrigin, type LandingOrigin } from './landing-origin.ts'
import { RAW_ATTRIBUTES_MAX } from './limits.ts'
import { attributesSize } from './message-attributes.ts'
import { type Notification, renderNotification, renderQuestion } from './notification.ts'
import { ask, type NotificationSigner, type PushedMessage, type PushQueues } from './ports.ts'
import { decodePublishedMessage, type PublishedMessage, textFor } from './published-message.ts'
import { deadLetterTarget } from './redrive-policy.ts'
import {
  AWS_ENDPOINT_RETRIES,
  CUSTOMER_ENDPOINT_RETRIES,
  delayBeforeHttpRetry,
  delayBeforeRetry,
} from './retry-schedule.ts'
import type { Protocol } from './subscription-settings.ts'
import { type PushSource, parsePushQueueArn, type SubscriptionAddress } from './topic-arn.ts'

/** How the way of a message to its endpoint ended, or why it didn't yet. */
export type PushEnding =
  | 'delivered'
  | 'to be retried'
  /** In the dead-letter queue. */
  | 'redriven'
  /** The dead-letter queue did not take it. */
  | 'not redriven'
  /** There is no dead-letter queue. */
  | 'discarded'

/** One message, or question, to be delivered now. Exactly one of the three is to be called when the attempt is over. */
export interface Push {
  readonly delivery: {
    readonly endpoint: string
    readonly notification: Notification
    readonly raw: boolean
    readonly contentType: string
  }
  /** 1 for the first. */
  readonly attempt: number
  delivered(): Promise<PushEnding>
  failed(retryable: boolean): Promise<PushEnding>
  /** No attempt was made: the message is to be had again at once. */
  putBack(): Promise<void>
}

export interface PushBatch {
  readonly pushes: readonly Push[]
  /** Whether the source may have more. */
  readonly more: boolean
  /** The least time between two attempts, in milliseconds; 0 where nothing is said. */
  readonly spacingMs: number
}

export interface ReadySource {
  /** To `take` from. */
  readonly name: string
  readonly protocol: Protocol
}

const NOTHING: PushBatch = { pushes: [], more: false, spacingMs: 0 }

/**
 * What topics have to be pushed to endpoints: for whoever makes the attempts, which is somebody else. Here is decided what is
 * sent, and what becomes of a message after an attempt: gone, tried again as the delivery policy has it, or a dead letter.
 */
export class Pushes<Message extends PushedMessage> {
  readonly #cell: CellClient
  readonly #queues: PushQueues<Message>
  readonly #signer: NotificationSigner

  constructor(options: {
    readonly cell: CellClient
    readonly queues: PushQueues<Message>
    readonly signer: NotificationSigner
  }) {
    this.#cell = options.cell
    this.#queues = options.queues
    this.#signer = options.signer
  }

  /** Sources that have something to be pushed, each named once until something more happens to it; none after a while. */
  async ready(limit: number): Promise<readonly ReadySource[]> {
    const sources: ReadySource[] = []
    for (const name of await this.#queues.ready(limit)) {
      const source = parsePushQueueArn(name)
      if (source !== undefined) sources.push({ name, protocol: source.protocol })
    }
    return sources
  }

  /** Takes up to `limit` messages to be delivered, which nobody else is given for `hiddenSeconds`. */
  async take(name: string, limit: number, hiddenSeconds: number): Promise<PushBatch> {
    const source = parsePushQueueArn(name)
    if (source === undefined) return NOTHING
    const messages = await this.#queues.receive(name, limit, hiddenSeconds)
    if (messages.length === 0) return NOTHING
    const { subscription } = source
    const target =
      subscription === null
        ? null
        : await ask({ cell: this.#cell }, { service: 'sns', kind: 'getPushTarget', ...subscription })
    const policy = target === null ? null : policyOf(source.protocol, target)
    const pushes = await Promise.all(messages.map((message) => this.#pushOf(message, source, target, policy)))
    return {
      pushes: pushes.filter((push) => push !== null),
      more: true,
      spacingMs: policy === null ? 0 : deliverySpacingMs(policy),
    }
  }

  /** Null where nothing is to be delivered: then the message is gone. */
  async #pushOf(
    stored: Message,
    { protocol, subscription }: PushSource,
    target: PushTarget | null,
    policy: EffectiveDeliveryPolicy | null,
  ): Promise<Push | null> {
    const message = stored.body === null ? null : decodePublishedMessage(stored.body)
    const direct = decodeDirectOrigin(stored.origin)
    const endpoint = subscription === null ? direct?.endpoint : target?.endpoint
    if (message === null || endpoint === undefined) return this.#drop(stored)
    const { asks } = message
    // Another token is asked for by now, or it was answered.
    if (asks !== undefined && asks.token !== target?.token) return this.#drop(stored)
    const origin = direct === undefined ? decodeOrigin(stored.origin) : withoutSubscription(direct)
    const displayName = target?.topic.displayName ?? ''
    const notification =
      asks === undefined
        ? await renderNotification(message, origin, displayName, this.#signer)
        : await renderQuestion(message, asks, origin, displayName, this.#signer)
    return {
      delivery: {
        ...{ endpoint, notification, raw: origin.isRaw },
        contentType: (policy?.requestPolicy ?? DEFAULT_REQUEST_POLICY).headerContentType,
      },
      attempt: stored.receiveCount,
      delivered: async () => {
        await this.#queues.delete(stored)
        return 'delivered'
      },
      failed: async (retryable) => {
        const delay = retryable ? delayAfter(protocol, policy, stored.receiveCount) : undefined
        if (delay === undefined) return this.#giveUp(stored, message, origin, subscription, target)
        // A queue counts in whole seconds: rather a little later than too early.
        await this.#queues.hide(stored, Math.ceil(delay / 1_000))
        return 'to be retried'
      },
      putBack: () => this.#queues.putBack(stored),
    }
  }

  async #drop(stored: Message): Promise<null> {
    await this.#queues.delete(stored)
    return null
  }

  /** No further attempt is made. What AWS can't deliver goes to the subscription's dead-letter queue; questions go to none. */
  async #giveUp(
    stored: Message,
    message: PublishedMessage,
    origin: LandingOrigin,
    subscription: SubscriptionAddress | null,
    target: PushTarget | null,
  ): Promise<PushEnding> {
    const deadLetters = target === null ? null : deadLetterTarget(target.settings.redrivePolicy)
    if (subscription === null || message.asks !== undefined) {
      await this.#queues.delete(stored)
      return 'discarded'
    }
    const count = (reason: string) =>
      ask({ cell: this.#cell }, { service: 'sns', kind: 'countFailure', ...subscription, reason })
    if (deadLetters === null) {
      await this.#queues.delete(stored)
      await count('not delivered')
      return 'discarded'
    }
    const sizeBytes = sizeInQueue(message, origin, this.#signer)
    const problem =
      sizeBytes === null ? 'too many attributes' : await this.#queues.forward(stored, deadLetters, sizeBytes)
    if (problem !== null) await this.#queues.delete(stored)
    await count(problem ?? 'dead letter')
    return problem === null ? 'redriven' : 'not redriven'
  }
}

/** In bytes, as SQS counts it; null for what can't be in a queue in this form. */
function sizeInQueue(
  message: PublishedMessage,
  { isRaw, protocol }: LandingOrigin,
  { certificatePath }: NotificationSigner,
): number | null {
  const { texts, attributes } = message
  if (!isRaw) return envelopeBytes(message, protocol, message.sequence !== 0, certificatePath)
  if (attributes.length > RAW_ATTRIBUTES_MAX) return null
  return Buffer.byteLength(textFor(texts, protocol)) + attributesSize(attributes)
}

/** What is sent without a topic is never signed, and has nothing to be ended. */
function withoutSubscription({ protocol, sms }: DirectOrigin): LandingOrigin {
  return { protocol, subscriptionArn: '', subscription: 0, isRaw: true, signatureVersion: '1', sms }
}

/** Policies are the HTTP protocols' alone. */
function policyOf(protocol: Protocol, { settings, topic }: PushTarget): EffectiveDeliveryPolicy | null {
  if (protocol !== 'http' && protocol !== 'https') return null
  const own = settings.deliveryPolicy
  return effectiveSubscriptionPolicy(
    own === '' ? undefined : parseSubscriptionDeliveryPolicy(own),
    topic.deliveryPolicy === '' ? undefined : parseTopicDeliveryPolicy(topic.deliveryPolicy),
  )
}

/** In milliseconds, after the attempt of that number; undefined where it was the last. */
function delayAfter(
  protocol: Protocol,
  policy: EffectiveDeliveryPolicy | null,
  attempt: number,
): number | undefined {
  if (policy !== null) return delayBeforeHttpRetry(policy.healthyRetryPolicy, attempt)
  const retries =
    protocol === 'lambda' || protocol === 'firehose' ? AWS_ENDPOINT_RETRIES : CUSTOMER_ENDPOINT_RETRIES
  return delayBeforeRetry(retries, attempt)
}
