/**
 * What a notification's rendering needs to know of the subscription that it landed by, as it was then: kept beside the body,
 * once for all of the subscription's messages. A subscription that changes or ends changes nothing of what was published.
 *
 * ```
 *   raw 7 sqs arn:aws:sns:…        or        1 7 sqs arn:aws:sns:…       (the signature's version)
 *   raw 7 sqs arn:aws:sns:… 3      of a message that was replayed, by the subscription's third replay
 * ```
 */
export interface LandingOrigin {
  readonly subscriptionArn: string
  /** The subscription's number in the cell. */
  readonly subscription: number
  readonly protocol: string
  readonly isRaw: boolean
  readonly signatureVersion: '1' | '2'
  /** The number of the replay that it came by; 0 for none. */
  readonly replay: number
}

export function encodeOrigin(origin: LandingOrigin): string {
  const { subscriptionArn, subscription, protocol, isRaw, signatureVersion, replay } = origin
  const text = `${isRaw ? 'raw' : signatureVersion} ${subscription} ${protocol} ${subscriptionArn}`
  return replay === 0 ? text : `${text} ${replay}`
}

/**
 * The origin of a message that was sent to one endpoint without a topic: it lies in the queue that `directQueueArn` names.
 *
 * ```
 *   direct sms +15551234567
 * ```
 */
export function encodeDirectOrigin(protocol: string, endpoint: string): string {
  return `direct ${protocol} ${endpoint}`
}

/** The endpoint, or undefined where the origin is a subscription. */
export function decodeDirectOrigin(text: string): string | undefined {
  return /^direct [a-z-]+ (.+)$/.exec(text)?.[1]
}

export function decodeOrigin(text: string): LandingOrigin {
  const [form, subscription, protocol, subscriptionArn, replay] = text.split(' ')
  if (subscriptionArn === undefined || !/^(?:raw|1|2)$/.test(form!)) {
    throw new RangeError('this build does not know where a message landed from')
  }
  return {
    subscriptionArn,
    subscription: Number(subscription),
    protocol: protocol!,
    isRaw: form === 'raw',
    signatureVersion: form === '2' ? '2' : '1',
    replay: Number(replay ?? 0),
  }
}
