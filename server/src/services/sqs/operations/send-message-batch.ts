import type { SendMessageBatchRequest } from '../../../api/generated/sqs.ts'
import { type BulkList, operation, type Request } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { isNoKey, KEY_WORDS } from '../../../core/key.ts'
import { checkBatch, failedEntry, prepareEach } from '../batch.ts'
import type { QueueAddress } from '../commands.ts'
import { BatchRequestTooLong } from '../errors.ts'
import { BATCH_BYTES_MAX } from '../limits.ts'
import { MESSAGE_ID_BYTES, requestTraceHeader } from '../message-to-send.ts'
import { PlainSends, plainSendsReader } from '../plain-entries/plain-sends.ts'
import { PlainSentMessages } from '../plain-entries/plain-sent-messages.ts'
import type { SqsPorts } from '../ports.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'
import { FIFO_SENDING, type Sending, STANDARD_SENDING, sendBodies, sendFifoBodies } from '../sending.ts'
import { type Sent, SentMessages } from '../sent-messages.ts'

const NAME = 'SendMessageBatch'

interface PlainInput extends Omit<SendMessageBatchRequest, 'Entries'> {
  readonly Entries: PlainSends
}

export const sendMessageBatch = (ports: SqsPorts) => {
  const run = (input: SendMessageBatchRequest | PlainInput, request: Request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    const isFifo = isFifoName(queue.name)
    const { Entries } = input
    if (!(Entries instanceof PlainSends)) return sendEntries(ports, queue, Entries, request)
    const { count, groups, deduplications } = Entries
    // What is missing is told, or made, and what doesn't belong there is refused, entry by entry.
    const isComplete = isFifo ? groups === count && deduplications === count : deduplications === 0
    if (!isComplete) return sendEntries(ports, queue, Entries.members(), request)
    return sendPlain(ports, queue, Entries, isFifo, request)
  }
  return operation<SendMessageBatchRequest | PlainInput, SentMessages | PlainSentMessages>(NAME, run, {
    bulk: plainEntries,
  })
}

const plainEntries: BulkList = {
  member: 'Entries',
  standIn: '[{"Id":"-","MessageBody":"-"}]',
  read: (body, at) => plainSendsReader()?.read(body, at) ?? null,
}

async function sendPlain(
  ports: SqsPorts,
  queue: QueueAddress,
  entries: PlainSends,
  isFifo: boolean,
  request: Request,
): Promise<PlainSentMessages> {
  const head = { senderId: request.caller.userId, traceHeader: requestTraceHeader(request) }
  const random = ports.random.bytes(MESSAGE_ID_BYTES * entries.count)
  const { bodies, textsBytes, keys, ids, answers } = entries.encode(head, random)
  if (!isFifo) {
    const messages = textsBytes.map((sizeBytes, body) => {
      return { body, sizeBytes, delaySeconds: undefined, groupKey: keyOf(keys.groupKeys, body) }
    })
    return new PlainSentMessages(answers, await sendBodies(ports, queue, bodies, messages, request))
  }
  const messages = textsBytes.map((sizeBytes, body) => ({ body, sizeBytes, deduplicatesByContent: false }))
  const { groupKeys, deduplicationKeys } = keys
  const told = { groupKeys, deduplicationKeys, messageIds: ids }
  return new PlainSentMessages(answers, await sendFifoBodies(ports, queue, bodies, messages, told, request))
}

/** The message's key; undefined where it has none, or none of them has. */
function keyOf(keys: Uint32Array, message: number): Uint32Array | undefined {
  const at = message * KEY_WORDS
  return keys.length === 0 || isNoKey(keys, at) ? undefined : keys.subarray(at, at + KEY_WORDS)
}

async function sendEntries(
  ports: SqsPorts,
  queue: QueueAddress,
  entries: SendMessageBatchRequest['Entries'],
  request: Request,
): Promise<SentMessages> {
  checkBatch(entries, 'SendMessageBatchRequestEntry')
  const send = async <Checked, Prepared extends { readonly sizeBytes: number }>(
    sending: Sending<Checked, Prepared>,
  ) => {
    const random = ports.random.bytes(MESSAGE_ID_BYTES * entries.length)
    const { prepared, failed } = prepareEach(entries, (entry, position) => {
      const idBytes = random.subarray(position * MESSAGE_ID_BYTES, (position + 1) * MESSAGE_ID_BYTES)
      return { id: entry.Id, message: sending.check(entry, idBytes, NAME, request) }
    })
    const messages = sending.prepare(prepared.map(({ message }) => message))
    checkTotal(messages.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0))
    // Sent also where no entry is left, since the queue may be missing, which comes before what is wrong with entries.
    const outcomes = await sending.send(ports, queue, messages, request)
    const sent: Sent[] = []
    for (let i = 0; i < outcomes.length; i++) {
      const { id } = prepared[i]!
      const outcome = outcomes[i]!
      if ('error' in outcome) failed.push(failedEntry(id, outcome.error, outcome.message))
      else sent.push({ id, answer: outcome })
    }
    return new SentMessages(sent, failed)
  }
  return isFifoName(queue.name) ? send(FIFO_SENDING) : send(STANDARD_SENDING)
}

function checkTotal(bytes: number): void {
  if (bytes <= BATCH_BYTES_MAX) return
  throw new ServiceError(
    BatchRequestTooLong,
    `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes. You have sent ${bytes} bytes.`,
  )
}
