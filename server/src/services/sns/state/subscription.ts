import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { Unit, type Units } from '../../../core/units.ts'
import type { ListedSubscription, TopicAddress } from '../commands.ts'
import { encodeOrigin } from '../landing-origin.ts'
import type { SmsDefaults } from '../sms-attributes.ts'
import {
  DEFAULT_SUBSCRIPTION_SETTINGS,
  type Protocol,
  type SubscriptionSettings,
} from '../subscription-settings.ts'
import { pushQueueArn, subscriptionArn } from '../topic-arn.ts'
import type { Replay } from './replay.ts'

/** What there is to know of a subscription, as a snapshot keeps it. */
export interface SubscriptionRecord {
  readonly number: number
  /** A UUID. */
  readonly uuid: string
  readonly protocol: Protocol
  readonly endpoint: string
  readonly owner: string
  readonly principal: string
  readonly settings: SubscriptionSettings
  /** With which it's to be confirmed; null once it is. */
  readonly token: string | null
  /** Since when it has that token, in milliseconds since the epoch. */
  readonly tokenSince: number
  readonly confirmedBySignature: boolean
  /** The newest one; null where there was none. */
  readonly replay: Replay | null
  /** Messages that could not be delivered, by the reason. */
  readonly failures: Readonly<Record<string, number>>
}

/** One endpoint that is subscribed to a topic, or will be once that is confirmed. */
export class Subscription extends Unit {
  readonly topic: TopicAddress
  #record: SubscriptionRecord
  /** What `origin` answered last, for the settings and the version that it was asked for. */
  #origin: {
    readonly text: string
    readonly settings: SubscriptionSettings
    readonly signatureVersion: '1' | '2'
    readonly sms: SmsDefaults | null
    readonly replay: number
  } | null = null

  constructor(topic: TopicAddress, record: SubscriptionRecord) {
    super()
    this.topic = topic
    this.#record = record
  }

  get record(): SubscriptionRecord {
    return this.#record
  }

  get replay(): Replay | null {
    return this.#record.replay
  }

  get isPending(): boolean {
    return this.#record.token !== null
  }

  /** The internal queue that its messages wait in to be pushed, and that goes with it; null where the endpoint is a queue. */
  get pushQueue(): string | null {
    const { protocol, uuid } = this.#record
    return protocol === 'sqs' ? null : pushQueueArn(this.topic, protocol, uuid)
  }

  encode(): Uint8Array {
    return encodeCbor(this.#record)
  }

  change(units: Units, changes: Partial<SubscriptionRecord>): void {
    units.touch(this)
    this.#record = { ...this.#record, ...changes }
  }

  listed(): ListedSubscription {
    const { uuid, protocol, endpoint, owner } = this.#record
    return { topic: this.topic, id: uuid, isPending: this.isPending, protocol, endpoint, owner }
  }

  /**
   * What is kept beside a message that lands by this subscription now, and by this replay of it: see landing-origin.ts. `sms` are
   * the account's defaults, the same object as long as they are the same; null for a subscription of another protocol.
   */
  origin(signatureVersion: '1' | '2', sms: SmsDefaults | null, replay = 0): string {
    const { settings, number, protocol, uuid } = this.#record
    const known = this.#origin
    const isSame = known?.settings === settings && known.signatureVersion === signatureVersion
    if (isSame && known.sms === sms && known.replay === replay) return known.text
    const text = encodeOrigin({
      subscriptionArn: subscriptionArn(this.topic, uuid),
      subscription: number,
      protocol,
      isRaw: settings.rawMessageDelivery,
      ...{ signatureVersion, sms, replay },
    })
    this.#origin = { text, settings, signatureVersion, sms, replay }
    return text
  }
}

export function restoreSubscription(topic: TopicAddress, bytes: Uint8Array): Subscription {
  // What came with a later version is not in a record that is older.
  const { settings, ...record } = decodeCbor(bytes) as SubscriptionRecord
  return new Subscription(topic, {
    ...{ ...record, replay: record.replay ?? null },
    settings: { ...DEFAULT_SUBSCRIPTION_SETTINGS, ...settings },
  })
}
