import { isQueueAttributeName } from './attributes.ts'
import type { MessageHistory } from './commands.ts'
import { invalidParameter, unknownAttribute } from './errors.ts'
import { ATTRIBUTE_NAMES_ASKED_MAX } from './limits.ts'
import type { MessageContent } from './message-content.ts'
import { queueArn } from './queue-arn.ts'
import { sequenceNumber } from './sequence-number.ts'

type SystemAttribute = (message: MessageHistory, content: MessageContent) => string | undefined

/** What SQS itself says of a received message; undefined where there is nothing to say. Times are in milliseconds. */
const SYSTEM_ATTRIBUTES: ReadonlyMap<string, SystemAttribute> = new Map<string, SystemAttribute>([
  ['SenderId', (_, { senderId }) => senderId],
  ['SentTimestamp', ({ sentAt }) => String(sentAt)],
  ['ApproximateReceiveCount', ({ receiveCount }) => String(receiveCount)],
  ['ApproximateFirstReceiveTimestamp', ({ firstReceivedAt }) => String(firstReceivedAt)],
  ['AWSTraceHeader', (_, { traceHeader }) => traceHeader],
  ['MessageGroupId', (_, { groupId }) => groupId],
  [
    'MessageDeduplicationId',
    // The dead letter takes its message id for one, so that no two of them are duplicates of each other.
    ({ deadLetterSource, redrives }, content) =>
      content.deduplicationId === undefined || deadLetterSource === null
        ? content.deduplicationId
        : content.idAfter(redrives),
  ],
  [
    'SequenceNumber',
    ({ incarnation, slot }, { deduplicationId }) =>
      deduplicationId === undefined ? undefined : sequenceNumber(incarnation, slot),
  ],
  [
    'DeadLetterQueueSourceArn',
    ({ deadLetterSource }) => (deadLetterSource === null ? undefined : queueArn(deadLetterSource)),
  ],
])

/** Which system attributes a receive asked for. */
export type SystemSelection = readonly (readonly [name: string, read: SystemAttribute])[]

/**
 * The system attributes named by `MessageSystemAttributeNames` and by `AttributeNames`, its older form, which also takes
 * queue attributes by its type and returns nothing for them.
 */
export function selectSystemAttributes(
  names: readonly string[] | undefined,
  olderNames: readonly string[] | undefined,
): SystemSelection {
  if (names === undefined && olderNames === undefined) return []
  checkCount('MessageSystemAttributeNames', names)
  checkCount('AttributeNames', olderNames)
  const asked = new Set([...(names ?? []), ...(olderNames ?? [])])
  for (const name of asked) {
    const isKnown = name === 'All' || SYSTEM_ATTRIBUTES.has(name)
    if (!isKnown && !isQueueAttributeName(name)) throw unknownAttribute(name)
  }
  return [...SYSTEM_ATTRIBUTES].filter(([name]) => asked.has('All') || asked.has(name))
}

export function renderSystemAttributes(
  selection: SystemSelection,
  message: MessageHistory,
  content: MessageContent,
): Readonly<Record<string, string>> | undefined {
  if (selection.length === 0) return undefined
  const attributes: Record<string, string> = {}
  let isEmpty = true
  for (const [name, read] of selection) {
    const value = read(message, content)
    if (value === undefined) continue
    attributes[name] = value
    isEmpty = false
  }
  return isEmpty ? undefined : attributes
}

/** Whether a receive asked for a message attribute; undefined where it asked for none at all. */
export type AttributeSelection = ((name: string) => boolean) | undefined

/** Takes names, prefixes written `prefix.*`, and `All`, `.*` or `*` for everything. No name is refused. */
export function selectMessageAttributes(names: readonly string[] | undefined): AttributeSelection {
  if (names === undefined || names.length === 0) return undefined
  checkCount('MessageAttributeNames', names)
  if (names.some((name) => name === 'All' || name === '.*' || name === '*')) return () => true
  const exact = new Set(names)
  const prefixes = names.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2))
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
}

function checkCount(parameter: string, names: readonly string[] | undefined): void {
  if (names === undefined || names.length <= ATTRIBUTE_NAMES_ASKED_MAX) return
  throw invalidParameter(
    parameter,
    `[${names.length} names]`,
    `At most ${ATTRIBUTE_NAMES_ASKED_MAX} can be named.`,
  )
}
