import type { Answer } from './answer.ts'

/** A message that was looked at, as the command line shows it. Times are in ISO 8601, UTC. */
export interface ShownMessage {
  readonly messageId: string
  readonly state: 'visible' | 'in flight' | 'delayed'
  /** When it becomes visible; null for one that is. */
  readonly visibleAt: string | null
  readonly sentAt: string
  readonly receiveCount: number
  readonly groupId: string | null
  readonly body: string
  readonly attributes: unknown
}

/** Characters of a body that are shown unless the whole is asked for. */
const SHORT_BODY_CHARACTERS = 160

export function shownMessage(message: Answer): ShownMessage {
  const attributes = message.part('Attributes')
  const visibleAt = attributes.number('VisibleTimestamp')
  const isDelayed = attributes.text('IsDelayed') === 'true'
  return {
    messageId: message.text('MessageId'),
    state: isDelayed ? 'delayed' : attributes.text('IsVisible') === 'false' ? 'in flight' : 'visible',
    visibleAt: visibleAt === 0 ? null : isoTime(visibleAt),
    sentAt: isoTime(attributes.number('SentTimestamp')),
    receiveCount: attributes.number('ApproximateReceiveCount'),
    groupId: attributes.text('MessageGroupId') || null,
    body: message.text('Body'),
    attributes: message.raw('MessageAttributes') ?? {},
  }
}

/** Two lines for a person: what is known of the message, and its body, which is shortened unless `isFull`. */
export function formatMessage(message: ShownMessage, isFull: boolean): string {
  const { messageId, state, visibleAt, sentAt, receiveCount, groupId, body } = message
  const hidden = visibleAt === null ? '' : ` until ${visibleAt}`
  const group = groupId === null ? '' : `, group ${groupId}`
  const head = `${messageId}  ${state}${hidden}, sent ${sentAt}, received ${receiveCount} times${group}`
  return `${head}\n  ${isFull ? printable(body) : shortened(body)}`
}

function shortened(body: string): string {
  const line = printable(body.slice(0, SHORT_BODY_CHARACTERS + 1).replaceAll(/\s+/g, ' '))
  const left = body.length - SHORT_BODY_CHARACTERS
  return left <= 0 ? line : `${line.slice(0, SHORT_BODY_CHARACTERS)}… (${left} more)`
}

/** Control characters but tab and newline: SQS lets some through, and a terminal would obey them. */
const CONTROL = /(?![\t\n])\p{Cc}/gu

function printable(text: string): string {
  return text.replaceAll(
    CONTROL,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function isoTime(milliseconds: number): string {
  const time = new Date(milliseconds)
  return Number.isNaN(time.getTime()) ? String(milliseconds) : time.toISOString()
}
