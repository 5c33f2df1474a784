import { formatUuid } from '../../base/uuid.ts'
import { DataKeyRefused } from '../../core/data-keys.ts'
import type { LandedMessage, ReadLanded } from '../../core/landing.ts'
import { type OpenedBody, openBodies } from '../../core/open-bodies.ts'
import type { BodySeals, SealReading } from '../../core/sealed-body.ts'
import type { Bodies } from '../../core/service-state.ts'
import type { MessageHistory, QueueAddress } from './commands.ts'
import { attributesMd5 } from './message-attributes.ts'
import { type ChosenAttributes, idAfterRedrives, StoredMessage, textMd5 } from './message-body.ts'
import { isFifoName } from './queue-name.ts'

/** What a message says, whether a client sent it or another service. */
export type MessageContent = Pick<
  StoredMessage,
  'idAfter' | 'senderId' | 'text' | 'textMd5' | 'traceHeader' | 'groupId' | 'deduplicationId' | 'attributes'
>

/** What reads what messages say. */
export interface ContentReader {
  readonly readLanded: ReadLanded
  /** Left out where nothing is sealed. */
  readonly seals?: BodySeals
}

/**
 * What the messages say, null where a body is lost, and why where one can't be opened: at once where all of them can be read at
 * once, since to wait for what is there would cost a turn of the event loop; else once they are opened and the services that sent
 * the others have said what they look like.
 */
export function readContents(
  reader: ContentReader,
  queue: QueueAddress,
  messages: readonly MessageHistory[],
  bodies: Bodies,
  /** Called where a body may be sealed. */
  readingOf: () => SealReading,
): Contents | Promise<Contents> {
  const { seals, readLanded } = reader
  const opened = seals === undefined ? bodies : openBodies(seals, readingOf, bodies)
  return opened instanceof Promise
    ? opened.then((late) => readOpened(readLanded, queue, messages, late))
    : readOpened(readLanded, queue, messages, opened)
}

function readOpened(
  readLanded: ReadLanded,
  queue: QueueAddress,
  messages: readonly MessageHistory[],
  bodies: readonly OpenedBody[],
): Contents | Promise<Contents> {
  const contents = messages.map(({ origin }, i): Content | Promise<MessageContent> => {
    const body = bodies[i] ?? null
    if (body === null || body instanceof DataKeyRefused) return body
    if (origin === null) return new StoredMessage(body)
    const isFifo = isFifoName(queue.name)
    const landed = readLanded(body, origin)
    return isAtHand(landed)
      ? new LandedContent(landed, isFifo)
      : landed.then((message) => new LandedContent(message, isFifo))
  })
  return contents.every(isAtHand) ? contents : Promise.all(contents)
}

export type Content = MessageContent | DataKeyRefused | null
export type Contents = readonly Content[]

function isAtHand<T>(value: T | Promise<T>): value is T {
  return !(value instanceof Promise)
}

/** What another service sent, with the digests that only SQS has. */
class LandedContent implements MessageContent {
  readonly #message: LandedMessage
  readonly #isFifo: boolean

  constructor(message: LandedMessage, isFifo: boolean) {
    this.#message = message
    this.#isFifo = isFifo
  }

  idAfter(redrives: number): string {
    return idAfterRedrives(formatUuid(this.#message.id), redrives)
  }

  get senderId(): string {
    return this.#message.senderId
  }

  get text(): string {
    return this.#message.text
  }

  get textMd5(): string {
    return textMd5(this.#message.text)
  }

  get traceHeader(): string | undefined {
    return this.#message.traceHeader
  }

  get groupId(): string | undefined {
    return this.#message.groupId
  }

  get deduplicationId(): string | undefined {
    // A standard queue does not deduplicate, whatever the sender does.
    return this.#isFifo ? this.#message.deduplicationId : undefined
  }

  attributes(isWanted: (name: string) => boolean): ChosenAttributes | null {
    const attributes = this.#message.attributes.filter(({ name }) => isWanted(name))
    return attributes.length === 0 ? null : { attributes, md5: attributesMd5(attributes) }
  }
}
