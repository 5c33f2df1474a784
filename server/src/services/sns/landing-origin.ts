import { isSmsType, type SmsDefaults } from './sms-attributes.ts'

/**
 * What a notification's rendering needs to know of the subscription that it landed by, as it was then: kept beside the body,
 * once for all of the subscription's messages. A subscription that changes or ends changes nothing of what was published.
 *
 * ```
 *   raw 7 sqs arn:aws:sns:…        or        1 7 sqs arn:aws:sns:…       (the signature's version)
 *   raw 7 sqs arn:aws:sns:… 3      of a message that was replayed, by the subscription's third replay
 *   raw 7 sms arn:aws:sns:… SENDER Promotional      (an account's defaults for text messages; - for no sender)
 * ```
 */
export interface LandingOrigin {
  readonly subscriptionArn: string
  /** The subscription's number in the cell. */
  readonly subscription: number
  readonly protocol: string
  readonly isRaw: boolean
  readonly signatureVersion: '1' | '2'
  /** The number of the replay that it came by; 0 for none. Only FIFO topics have replays, and their subscriptions are queues. */
  readonly replay: number
  /** Of text messages, since this is kept; null of all others. */
  readonly sms: SmsDefaults | null
}

/** What stands for nothing: parts are never empty. */
const NONE = '-'

export function encodeOrigin(origin: LandingOrigin): string {
  const { subscriptionArn, subscription, protocol, isRaw, signatureVersion, replay, sms } = origin
  const parts = [isRaw ? 'raw' : signatureVersion, subscription, protocol, subscriptionArn]
  return [...parts, ...(replay === 0 ? encodeDefaults(sms) : [replay])].join(' ')
}

/** What is kept beside a message that was sent to one endpoint without a topic: it lies in the queue that `directQueueArn` names. */
export interface DirectOrigin {
  readonly protocol: string
  readonly endpoint: string
  readonly sms: SmsDefaults | null
}

/**
 * ```
 *   direct sms +15551234567 SENDER Promotional
 * ```
 */
export function encodeDirectOrigin({ protocol, endpoint, sms }: DirectOrigin): string {
  return ['direct', protocol, endpoint, ...encodeDefaults(sms)].join(' ')
}

/** Undefined where the origin is a subscription. */
export function decodeDirectOrigin(text: string): DirectOrigin | undefined {
  const [form, protocol, endpoint, sender, type] = text.split(' ')
  if (form !== 'direct' || protocol === undefined || endpoint === undefined) return undefined
  return { protocol, endpoint, sms: decodeDefaults(sender, type) }
}

export function decodeOrigin(text: string): LandingOrigin {
  const [form, subscription, protocol, subscriptionArn, ...more] = text.split(' ')
  if (subscriptionArn === undefined || !/^(?:raw|1|2)$/.test(form!)) {
    throw new RangeError('this build does not know where a message landed from')
  }
  return {
    subscriptionArn,
    subscription: Number(subscription),
    protocol: protocol!,
    isRaw: form === 'raw',
    signatureVersion: form === '2' ? '2' : '1',
    ...(protocol === 'sms'
      ? { replay: 0, sms: decodeDefaults(more[0], more[1]) }
      : { replay: Number(more[0] ?? 0), sms: null }),
  }
}

function encodeDefaults(sms: SmsDefaults | null): readonly string[] {
  return sms === null ? [] : [sms.senderId === '' ? NONE : sms.senderId, sms.type]
}

function decodeDefaults(sender: string | undefined, type: string | undefined): SmsDefaults | null {
  return isSmsType(type) && sender !== undefined ? { senderId: sender === NONE ? '' : sender, type } : null
}
