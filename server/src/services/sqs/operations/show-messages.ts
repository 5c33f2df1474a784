import type { Message, ReceiveMessageRequest, ReceiveMessageResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { encodePageToken } from '../../../api/page-token.ts'
import { isWithin } from '../../../base/range.ts'
import { DataKeyRefused } from '../../../core/data-keys.ts'
import type { SealReading } from '../../../core/sealed-body.ts'
import type { MessagePhase, PeekedMessage, PeekPlace, QueueAddress } from '../commands.ts'
import { invalidParameter, keyRefusal, queueDoesNotExist } from '../errors.ts'
import { SHOWN_BYTES_MAX, SHOWN_COMMANDS_MAX, SHOWN_MESSAGES } from '../limits.ts'
import { decodeListToken } from '../list-token.ts'
import { type MessageContent, readContents } from '../message-content.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { checkQueueKey, readerOf, sealReadingOf } from '../queue-encryption.ts'
import { locateQueue } from '../queue-url.ts'
import { selectMessageAttributes, selectSystemAttributes } from '../received-attributes.ts'
import { renderMessage } from '../rendered-message.ts'

/** What is looked at can't be deleted or hidden: no queue ever gave out this handle. LocalStack writes the same. */
const NO_RECEIPT = 'SQS/BACKDOOR/ACCESS'

const EVERY_SYSTEM_ATTRIBUTE = selectSystemAttributes(['All'], undefined)
const EVERY_ATTRIBUTE = selectMessageAttributes(['All'])

/** The parameters of ReceiveMessage, of which only the queue counts, and those of LocalStack's endpoint and ours. */
export interface ShowMessagesRequest extends Omit<ReceiveMessageRequest, 'QueueUrl'> {
  readonly QueueUrl?: string | undefined
  /** Of a queue whose URL names none. */
  readonly Region?: string | undefined
  /** `true` or `1`, in any case: messages in flight too. */
  readonly ShowInvisible?: string | undefined
  readonly ShowDelayed?: string | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  /** `true` or `1`: without a token begin at the end, and always answer with one, to ask for what comes later. */
  readonly Follow?: string | undefined
}

export interface ShowMessagesResult extends ReceiveMessageResult {
  readonly NextToken?: string | undefined
}

/**
 * Shows messages in the place of ReceiveMessage, without receiving them: a page of them, oldest first. Each has the
 * attributes `IsVisible` and `IsDelayed` where LocalStack has them, and `VisibleTimestamp` while something hides it.
 */
export const showMessages = (ports: SqsPorts) =>
  operation<ShowMessagesRequest, ShowMessagesResult>('ReceiveMessage', async (input, request) => {
    if (input.QueueUrl === undefined || input.QueueUrl === '') throw queueDoesNotExist()
    const located = locateQueue(input.QueueUrl, request)
    const queue = { ...located, region: input.Region ?? located.region }
    const { min, max } = SHOWN_MESSAGES
    const limit = input.MaxResults ?? max
    if (!isWithin(limit, SHOWN_MESSAGES)) {
      throw invalidParameter('MaxResults', limit, `Must be between ${min} and ${max}, if provided.`)
    }
    const list = ['ShowMessages', queue.accountId, queue.region, queue.name]
    const token = decodeListToken(ports.tokenKey, list, input.NextToken)
    const follow = isTrue(input.Follow)
    const shown = { invisible: isTrue(input.ShowInvisible), delayed: isTrue(input.ShowDelayed) }
    const from = token === '' ? (follow ? 'end' : 'oldest') : placeOf(token)
    await checkQueueKey(ports, queue, request)
    const reading = () => sealReadingOf(ports, queue, request)
    const { messages, next, more } = await peek(ports, queue, from, limit, shown, reading)
    return {
      ...(messages.length > 0 && { Messages: messages }),
      ...((more || follow) && {
        NextToken: encodePageToken(ports.tokenKey, list, `${next.incarnation}.${next.slot}`),
      }),
    }
  })

interface Shown {
  readonly invisible: boolean
  readonly delayed: boolean
}

interface Page {
  readonly messages: readonly Message[]
  readonly next: PeekPlace
  readonly more: boolean
}

/** Looks on while a command came upon nothing of what is wanted, or that can be opened, within limits. */
async function peek(
  ports: SqsPorts,
  queue: QueueAddress,
  from: PeekPlace | 'oldest' | 'end',
  limit: number,
  shown: Shown,
  readingOf: () => SealReading,
): Promise<Page> {
  const phases: MessagePhase[] = ['visible']
  if (shown.invisible) phases.push('inFlight')
  if (shown.delayed) phases.push('delayed')
  let place = from
  let refused: DataKeyRefused | undefined
  for (let commands = 1; ; commands++) {
    const reply = await ask(ports, {
      service: 'sqs',
      kind: 'peekMessages',
      queue,
      from: place,
      phases,
      limit,
      bytesMax: SHOWN_BYTES_MAX,
    })
    const bodies = await reply.bodies
    const contents = await readContents(readerOf(ports), queue, reply.messages, bodies, readingOf)
    const messages = reply.messages.flatMap((message, i) => {
      const content = contents[i] ?? null
      // A repair wrote it off, and the next receive that comes upon it takes it away; or whoever asks can't open it.
      return content === null || content instanceof DataKeyRefused ? [] : [render(message, content, shown)]
    })
    refused ??= contents.find((content) => content instanceof DataKeyRefused)
    const isLast = !reply.more || commands === SHOWN_COMMANDS_MAX
    if (messages.length === 0 && !isLast) {
      place = reply.next
      continue
    }
    if (messages.length === 0 && !reply.more && refused !== undefined) throw keyRefusal(refused)
    return { messages, next: reply.next, more: reply.more }
  }
}

function render(message: PeekedMessage, content: MessageContent, shown: Shown): Message {
  const rendered = renderMessage(message, NO_RECEIPT, content, EVERY_SYSTEM_ATTRIBUTE, EVERY_ATTRIBUTE)
  return {
    ...rendered,
    Attributes: {
      ...rendered.Attributes,
      ...(shown.invisible && { IsVisible: String(message.phase !== 'inFlight') }),
      ...(shown.delayed && { IsDelayed: String(message.phase === 'delayed') }),
      ...(message.phase !== 'visible' && { VisibleTimestamp: String(message.visibleAt) }),
    },
  }
}

/** The token is ours, so that it can hold nothing else. */
function placeOf(token: string): PeekPlace {
  const [incarnation, slot] = token.split('.')
  return { incarnation: Number(incarnation), slot: Number(slot) }
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && (text === '1' || text.toLowerCase() === 'true')
}
