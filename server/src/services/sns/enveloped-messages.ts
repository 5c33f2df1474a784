import { Buffer } from 'node:buffer'
import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import { type CommonEnvelope, type NotificationRecipient, renderCommonEnvelope } from './envelope.ts'
import type { NotificationSigner } from './ports.ts'
import { decodePublishedMessage, type PublishedMessage, seedWordOf, stampsOf } from './published-message.ts'

/** Together 8 million characters at most: longer envelopes are rare, and cost more to digest and to send than to make anew. */
const MESSAGES_KEPT_MAX = 2048
const CHARACTERS_KEPT_MAX = 4096
/** A power of two. */
const MESSAGES_NOTED = 4096

/** What a message in its envelope is, whichever of the topic's subscriptions it came by. */
export interface EnvelopedMessage
  extends Pick<PublishedMessage, 'landingSeed' | 'traceHeader' | 'groupId' | 'deduplicationId'> {
  readonly envelope: CommonEnvelope
}

type EnvelopeForm = Omit<NotificationRecipient, 'subscriptionArn'>

/**
 * Reads stored messages that are received in envelopes, and keeps what it made of those that are asked for again: where a topic
 * has many queues, each message is received from all of them at about the same time, and only what is the subscription's own is
 * left to be done. What is asked for once, as with one queue, is not kept, since that would cost more than it's worth.
 */
export class EnvelopedMessages {
  readonly #signer: NotificationSigner
  readonly #kept = new TwoGenerationCache<{ message: EnvelopedMessage | Promise<EnvelopedMessage> }>(
    MESSAGES_KEPT_MAX,
  )
  /** At each place the seed's first word of the message that was asked for there last. */
  readonly #noted = new Uint32Array(MESSAGES_NOTED)

  constructor(signer: NotificationSigner) {
    this.#signer = signer
  }

  /** At once where it is kept. Rejects where the bytes are no such message. */
  read(stored: Uint8Array, form: EnvelopeForm): EnvelopedMessage | Promise<EnvelopedMessage> {
    if (!this.#isAskedForAgain(stored)) return this.#render(stored, form)
    const { protocol, signatureVersion, isReplayed } = form
    const name = `${stampsOf(stored)}${signatureVersion}${isReplayed ? 'replayed' : ''}${protocol}`
    const known = this.#kept.get(name)
    if (known !== undefined) return known.message
    const message = this.#render(stored, form)
    // Whoever asks before it is signed waits for the same.
    const kept: { message: EnvelopedMessage | Promise<EnvelopedMessage> } = { message }
    this.#kept.set(name, kept)
    message.then(
      (rendered) => {
        if (isWorthKeeping(rendered)) kept.message = toKeep(rendered)
        else this.#kept.delete(name)
      },
      () => this.#kept.delete(name),
    )
    return message
  }

  #isAskedForAgain(stored: Uint8Array): boolean {
    const word = seedWordOf(stored)
    const place = word & (MESSAGES_NOTED - 1)
    if (this.#noted[place] === word) return true
    this.#noted[place] = word
    return false
  }

  async #render(stored: Uint8Array, form: EnvelopeForm): Promise<EnvelopedMessage> {
    const message = decodePublishedMessage(stored)
    const { landingSeed, traceHeader, groupId, deduplicationId } = message
    const envelope = await renderCommonEnvelope(message, form, this.#signer)
    return { landingSeed, traceHeader, groupId, deduplicationId, envelope }
  }
}

function isWorthKeeping({ envelope: { head, tail } }: EnvelopedMessage): boolean {
  return head.length + tail.length <= CHARACTERS_KEPT_MAX
}

/**
 * The same, without what is behind it: a view of a body keeps the block that it came in (and a `Buffer`'s own `slice` is another
 * view), and a text that was put together is a tree of its parts, which everyone who reads it would go through again.
 */
function toKeep({ landingSeed, envelope, ...rest }: EnvelopedMessage): EnvelopedMessage {
  const head = Buffer.from(envelope.head).toString()
  return { ...rest, landingSeed: new Uint8Array(landingSeed), envelope: { head, tail: envelope.tail } }
}
