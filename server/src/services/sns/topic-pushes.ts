import { Buffer } from 'node:buffer'
import { DataKeyRefused } from '../../core/data-keys.ts'
import { openOwnBody } from '../../core/open-bodies.ts'
import type { CellClient } from '../../core/ports.ts'
import type { Push, PushBatch, PushEnding, Pushes, ReadySource } from '../../core/pushes.ts'
import type { BodySeals } from '../../core/sealed-body.ts'
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
import { RAW_ATTRIBUTES_MAX, UNOPENED_RETRY_SECONDS } from './limits.ts'
import { attributesSize } from './message-attributes.ts'
import { renderNotification, renderQuestion } from './notification.ts'
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
import { landingSender, type PushSource, parsePushQueueArn, type SubscriptionAddress } from './topic-arn.ts'

const NOTHING: PushBatch = { pushes: [], more: false, spacingMs: 0 }

/**
 * What topics have to be pushed to endpoints: for whoever makes the attempts, which is somebody else. Here is decided what is
 * sent, and what becomes of a message after an attempt: gone, tried again as the delivery policy has it, or a dead letter.
 */
export class TopicPushes<Message extends PushedMessage> implements Pushes {
  readonly #cell: CellClient
  readonly #queues: PushQueues<Message>
  readonly #signer: NotificationSigner
  readonly #seals: BodySeals | null
  readonly #report: (error: unknown) => void

  constructor(options: {
    readonly cell: CellClient
    readonly queues: PushQueues<Message>
    readonly signer: NotificationSigner
    /** Left out where nothing is sealed. */
    readonly seals?: BodySeals
    /** Told of a message that can't be told to anybody. It is tried again, and holds up no other one. */
    readonly report: (error: unknown) => void
  }) {
    this.#cell = options.cell
    this.#queues = options.queues
    this.#signer = options.signer
    this.#seals = options.seals ?? null
    this.#report = options.report
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
    const pushes = await Promise.all(
      messages.map(async (message) => {
        try {
          return await this.#pushOf(message, source, target, policy)
        } catch (error) {
          this.#report(error)
          // Nothing was attempted: what waits for a key must not use up the attempts that it has when it's opened.
          if (error instanceof DataKeyRefused) await this.#queues.putBack(message, UNOPENED_RETRY_SECONDS)
          return null
        }
      }),
    )
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
    const message = stored.body === null ? null : decodePublishedMessage(await this.#open(stored.body))
    const direct = decodeDirectOrigin(stored.origin)
    const endpoint = subscription === null ? direct?.endpoint : target?.endpoint
    const asks = message?.asks
    const isLast = asks?.type === 'UnsubscribeConfirmation' || target === null
    const end = async (): Promise<void> => {
      await this.#queues.delete(stored)
      // Nothing else comes for a subscription that has ended.
      if (!isLast || subscription === null) return
      const command = { service: 'sns', kind: 'endPushes', protocol, ...subscription } as const
      await ask({ cell: this.#cell }, command)
    }
    // Of a question, another token is asked for by now, or it was answered.
    const isStale = asks !== undefined && asks.token !== target?.token
    if (message === null || endpoint === undefined || isStale) {
      await end()
      return null
    }
    const landed = direct === undefined ? decodeOrigin(stored.origin) : withoutSubscription(direct)
    const origin = asks === undefined ? landed : askedOrigin(landed, target)
    const displayName = target?.topic.displayName ?? ''
    const notification =
      asks === undefined
        ? await renderNotification(message, origin, displayName, this.#signer)
        : await renderQuestion(message, asks, origin, displayName, this.#signer)
    return {
      dispatch: {
        ...{ endpoint, notification, raw: origin.isRaw },
        contentType: (policy?.requestPolicy ?? DEFAULT_REQUEST_POLICY).headerContentType,
      },
      attempt: stored.receiveCount,
      delivered: async () => {
        await end()
        return 'delivered'
      },
      failed: async (retryable) => {
        const delay = retryable ? delayAfter(protocol, policy, stored.receiveCount) : undefined
        if (delay === undefined) {
          // Questions go to no dead-letter queue, nor does what belongs to no subscription.
          if (subscription === null || target === null || asks !== undefined) {
            await end()
            return 'discarded'
          }
          return this.#giveUp(stored, message, origin, subscription, target)
        }
        // A queue counts in whole seconds: rather a little later than too early.
        await this.#queues.hide(stored, Math.ceil(delay / 1_000))
        return 'to be retried'
      },
      putBack: () => this.#queues.putBack(stored),
    }
  }

  #open(body: Uint8Array): Uint8Array | Promise<Uint8Array> {
    return this.#seals === null ? body : openOwnBody(this.#seals, body)
  }

  /** No further attempt is made: what can't be delivered goes to the subscription's dead-letter queue. */
  async #giveUp(
    stored: Message,
    message: PublishedMessage,
    origin: LandingOrigin,
    subscription: SubscriptionAddress,
    target: PushTarget,
  ): Promise<PushEnding> {
    const deadLetters = deadLetterTarget(target.settings.redrivePolicy)
    const count = (reason: string) =>
      ask({ cell: this.#cell }, { service: 'sns', kind: 'countFailure', ...subscription, reason })
    if (deadLetters === null) {
      await this.#queues.delete(stored)
      await count('not delivered')
      return 'discarded'
    }
    const sizeBytes = sizeInQueue(message, origin, this.#signer)
    const problem =
      sizeBytes === null
        ? 'not fit for a queue'
        : await this.#queues.forward(
            stored,
            { target: deadLetters, sender: landingSender(subscription.topic) },
            sizeBytes,
          )
    if (problem !== null) await this.#queues.delete(stored)
    await count(problem ?? 'dead letter')
    return problem === null ? 'redriven' : 'not redriven'
  }
}

/** In bytes, as SQS counts it; null for what can't be in a queue in this form. */
function sizeInQueue(
  message: PublishedMessage,
  { isRaw, protocol, replay }: LandingOrigin,
  { certificatePath }: NotificationSigner,
): number | null {
  const { texts, attributes } = message
  if (!isRaw) {
    const form = { isFifo: message.sequence !== 0, isReplayed: replay !== 0, certificatePath }
    return envelopeBytes(message, protocol, form)
  }
  const text = textFor(texts, protocol)
  if (attributes.length > RAW_ATTRIBUTES_MAX || text === '') return null
  return Buffer.byteLength(text) + attributesSize(attributes)
}

/** What is sent without a topic is never signed, and has nothing to be ended. */
function withoutSubscription({ protocol, sms }: DirectOrigin): LandingOrigin {
  const shape = {
    subscriptionArn: '',
    subscription: 0,
    isRaw: true,
    signatureVersion: '1',
    replay: 0,
  } as const
  return { ...shape, protocol, sms }
}

/** Questions are never raw, so that they are signed also where messages are not. */
function askedOrigin(origin: LandingOrigin, target: PushTarget | null): LandingOrigin {
  return { ...origin, isRaw: false, signatureVersion: target?.topic.signatureVersion === '2' ? '2' : '1' }
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
