import { Buffer } from 'node:buffer'
import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import type { LandedMessage, ReadLanded } from '../../core/landing.ts'
import { envelopeFor } from './envelope.ts'
import { type EnvelopedMessage, EnvelopedMessages } from './enveloped-messages.ts'
import { landingIdBytes } from './landing-id.ts'
import { decodeOrigin, type LandingOrigin } from './landing-origin.ts'
import type { NotificationSigner } from './ports.ts'
import { decodePublishedMessage, type PublishedMessage, textFor } from './published-message.ts'

/** What AWS says is the sender of all that SNS puts into queues. */
const SENDER_ID = 'AIDAIT2UOQQY3AUEKVGXU'

/** All messages of a subscription have the same, so that few are read again and again. */
const ORIGINS_MAX = 1024

/** What a body's reader needs of a subscription. */
interface Recipient extends LandingOrigin {
  readonly isReplayed: boolean
}

/** Says what a published message looks like in a queue: as it is, with its attributes, or in an envelope, without. */
export function readLandedOf(signer: NotificationSigner): ReadLanded {
  const recipients = new TwoGenerationCache<Recipient>(ORIGINS_MAX)
  const recipientOf = (origin: string): Recipient => {
    let recipient = recipients.get(origin)
    if (recipient === undefined) {
      const decoded = decodeOrigin(origin)
      recipient = { ...decoded, isReplayed: decoded.replay > 0 }
      recipients.set(origin, recipient)
    }
    return recipient
  }
  const enveloped = new EnvelopedMessages(signer)
  return (body, origin) => {
    const recipient = recipientOf(origin)
    if (recipient.isRaw) return rawMessage(decodePublishedMessage(body), recipient)
    const message = enveloped.read(body, recipient)
    return message instanceof Promise
      ? message.then((late) => messageInEnvelope(late, recipient))
      : messageInEnvelope(message, recipient)
  }
}

function rawMessage(message: PublishedMessage, recipient: Recipient): LandedMessage {
  return landedMessage(
    message,
    recipient,
    textFor(message.texts, recipient.protocol),
    sortedByName(message.attributes),
  )
}

function messageInEnvelope(message: EnvelopedMessage, recipient: Recipient): LandedMessage {
  return landedMessage(message, recipient, envelopeFor(message.envelope, recipient.subscriptionArn), [])
}

function landedMessage(
  { landingSeed, traceHeader, groupId, deduplicationId }: PublishedMessage | EnvelopedMessage,
  { subscription, replay }: Recipient,
  text: string,
  attributes: LandedMessage['attributes'],
): LandedMessage {
  const id = landingIdBytes(landingSeed, subscription, replay)
  return { id, senderId: SENDER_ID, text, traceHeader, groupId, deduplicationId, attributes }
}

function sortedByName(attributes: LandedMessage['attributes']): LandedMessage['attributes'] {
  return [...attributes].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
}
