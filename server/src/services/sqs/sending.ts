import type { Request } from '../../api/operation.ts'
import { formatUuid } from '../../base/uuid.ts'
import { bytesOf, messageKeys, wordsOfAll } from '../../core/keys.ts'
import type {
  Enqueued,
  FifoMessageToSend,
  MessageToSend,
  QueueAddress,
  Refusal,
  SqsCommand,
} from './commands.ts'
import {
  type CheckedFifoMessage,
  type CheckedMessage,
  checkFifoMessage,
  checkMessage,
  fifoAnswer,
  type MessageAnswer,
  type MessageInput,
  type PreparedFifoMessage,
  type PreparedMessage,
  prepareFifoMessages,
  prepareMessages,
} from './message-to-send.ts'
import { ask, type SqsPorts } from './ports.ts'
import { sendSealed } from './queue-encryption.ts'
import { sequenceNumber } from './sequence-number.ts'

/** How messages go to queues of one kind. */
export interface Sending<Checked, Prepared extends { readonly sizeBytes: number }> {
  /** Checks a message; throws what its sender is to be told. */
  check(input: MessageInput, random: Uint8Array, operation: string, request: Request): Checked
  /** Encodes messages. */
  prepare(messages: readonly Checked[]): readonly Prepared[]
  /** Sends messages in their order. An answer or a refusal for each. */
  send(
    ports: SqsPorts,
    queue: QueueAddress,
    messages: readonly Prepared[],
    request: Request,
  ): Promise<readonly (Refusal | MessageAnswer)[]>
}

export const STANDARD_SENDING: Sending<CheckedMessage, PreparedMessage> = {
  check: checkMessage,
  prepare: prepareMessages,
  send: async (ports, queue, messages, request) => {
    const plain = messages.map(({ body }) => body)
    const toSend = messages.map(({ sizeBytes, delaySeconds, groupKey }, body) => ({
      body,
      sizeBytes,
      delaySeconds,
      groupKey,
    }))
    const outcomes = await sendBodies(ports, queue, plain, toSend, request)
    return messages.map(({ answer }, i) => outcomes[i] ?? answer)
  },
}

/** Sends messages to a standard queue. A refusal for each that it refuses. */
export function sendBodies(
  ports: SqsPorts,
  queue: QueueAddress,
  plain: readonly Uint8Array[],
  messages: readonly MessageToSend[],
  request: Request,
): Promise<readonly (Refusal | null)[]> {
  return sendSealed(ports, queue, plain, request, (bodies, keyId) =>
    ask(ports, { service: 'sqs', kind: 'sendMessages', queue, messages, keyId, bodies }),
  )
}

/** What the cell tells the messages for a FIFO queue apart by: see the command. */
type FifoKeys = Pick<SqsCommand<'sendFifoMessages'>, 'groupKeys' | 'deduplicationKeys' | 'messageIds'>

/** As `sendBodies`, for a FIFO queue. */
export function sendFifoBodies(
  ports: SqsPorts,
  queue: QueueAddress,
  plain: readonly Uint8Array[],
  messages: readonly FifoMessageToSend[],
  { groupKeys, deduplicationKeys, messageIds }: FifoKeys,
  request: Request,
): Promise<readonly (Refusal | Enqueued)[]> {
  const isMetered = ports.fifoQuota
  return sendSealed(ports, queue, plain, request, (bodies, keyId) =>
    ask(ports, {
      service: 'sqs',
      kind: 'sendFifoMessages',
      queue,
      isMetered,
      messages,
      groupKeys,
      deduplicationKeys,
      messageIds,
      keyId,
      bodies,
    }),
  )
}

export const FIFO_SENDING: Sending<CheckedFifoMessage, PreparedFifoMessage> = {
  check: checkFifoMessage,
  prepare: prepareFifoMessages,
  send: async (ports, queue, messages, request) => {
    const plain: Uint8Array[] = []
    const toSend: FifoMessageToSend[] = []
    const groupIds: string[] = []
    const deduplicationIds: string[] = []
    const ids: Uint8Array[] = []
    for (let body = 0; body < messages.length; body++) {
      const { checked, encoded, sizeBytes } = messages[body]!
      const { message, groupId, deduplicationId, deduplicatesByContent } = checked
      plain.push(encoded.bytes)
      toSend.push({ body, sizeBytes, deduplicatesByContent })
      groupIds.push(groupId)
      deduplicationIds.push(deduplicationId)
      ids.push(message.content.id)
    }
    const keys = { ...messageKeys(groupIds, deduplicationIds), messageIds: wordsOfAll(ids) }
    const outcomes = await sendFifoBodies(ports, queue, plain, toSend, keys, request)
    return outcomes.map((outcome, i) => {
      if ('error' in outcome) return outcome
      const message = messages[i]!
      const { incarnation, slot, duplicateOf } = outcome
      // The sender of a duplicate is told of the message that is there, as if it had just been sent.
      const messageId = duplicateOf === null ? message.encoded.id : formatUuid(bytesOf(duplicateOf))
      return fifoAnswer(message, messageId, sequenceNumber(incarnation, slot))
    })
  },
}
