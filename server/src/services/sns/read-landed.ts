import { Buffer } from 'node:buffer'
import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import type { LandedMessage, ReadLanded } from '../../core/landing.ts'
import { renderEnvelope } from './envelope.ts'
import { landingIdBytes } from './landing-id.ts'
import { decodeOrigin, type LandingOrigin } from './landing-origin.ts'
import type { NotificationSigner } from './ports.ts'
import { decodePublishedMessage, textFor } from './published-message.ts'

/** What AWS says is the sender of all that SNS puts into queues. */
const SENDER_ID = 'AIDAIT2UOQQY3AUEKVGXU'

/** All messages of a subscription have the same, so that few are read again and again. */
const ORIGINS_MAX = 1024

/** Says what a published message looks like in a queue: as it is, with its attributes, or in an envelope, without. */
export function readLandedOf(signer: NotificationSigner): ReadLanded {
  const origins = new TwoGenerationCache<LandingOrigin>(ORIGINS_MAX)
  const originOf = (text: string): LandingOrigin => {
    let origin = origins.get(text)
    if (origin === undefined) {
      origin = decodeOrigin(text)
      origins.set(text, origin)
    }
    return origin
  }
  return async (body, originText): Promise<LandedMessage> => {
    const message = decodePublishedMessage(body)
    const origin = originOf(originText)
    const { traceHeader, groupId, deduplicationId } = message
    return {
      id: landingIdBytes(message.landingSeed, origin.subscription, origin.replay),
      senderId: SENDER_ID,
      text: origin.isRaw
        ? textFor(message.texts, origin.protocol)
        : await renderEnvelope(message, { ...origin, isReplayed: origin.replay > 0 }, signer),
      ...{ traceHeader, groupId, deduplicationId },
      attributes: origin.isRaw ? sortedByName(message.attributes) : [],
    }
  }
}

function sortedByName(attributes: LandedMessage['attributes']): LandedMessage['attributes'] {
  return [...attributes].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
}
