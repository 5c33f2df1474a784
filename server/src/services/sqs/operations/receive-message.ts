import type { ReceiveMessageRequest, ReceiveMessageResult } from '../../../api/generated/sqs.ts'
import { waitingOperation } from '../../../api/operation.ts'
import type { SelfWritten } from '../../../api/self-written.ts'
import { WaitingClient } from '../../../api/waiting-client.ts'
import { isWithin, type Range } from '../../../base/range.ts'
import { DataKeyRefused } from '../../../core/data-keys.ts'
import { attemptKey } from '../../../core/keys.ts'
import type { QueueAddress, Receipt, ReceiveAttempt } from '../commands.ts'
import { drawDisorder } from '../draw-disorder.ts'
import { invalidParameter, keyRefusal } from '../errors.ts'
import { RECEIVED_MESSAGES, TAG_BYTES, VISIBILITY_TIMEOUT_SECONDS, WAIT_SECONDS } from '../limits.ts'
import { readContents } from '../message-content.ts'
import { checkReceiveRequestAttemptId, notForThisQueueType } from '../message-text.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { checkQueueKey, readerOf, sealReadingOf } from '../queue-encryption.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'
import { selectMessageAttributes, selectSystemAttributes } from '../received-attributes.ts'
import { type Received, ReceivedMessages } from '../received-messages.ts'

/** Which message it is, and whether it is delivered again. */
const DRAWS_PER_MESSAGE = 2

type ReceiveAnswer = ReceiveMessageResult | SelfWritten<ReceiveMessageResult>

export const receiveMessage = (ports: SqsPorts) =>
  waitingOperation<ReceiveMessageRequest, ReceiveAnswer>(
    'ReceiveMessage',
    async (input, request) => {
      const queue = resolveQueue(input.QueueUrl, request)
      const limit = input.MaxNumberOfMessages ?? RECEIVED_MESSAGES.min
      if (!isWithin(limit, RECEIVED_MESSAGES)) {
        const { min, max } = RECEIVED_MESSAGES
        throw invalidParameter(
          'MaxNumberOfMessages',
          limit,
          `Must be between ${min} and ${max}, if provided.`,
        )
      }
      checkSeconds('VisibilityTimeout', input.VisibilityTimeout, VISIBILITY_TIMEOUT_SECONDS)
      checkSeconds('WaitTimeSeconds', input.WaitTimeSeconds, WAIT_SECONDS)
      const attempt = parseAttempt(input.ReceiveRequestAttemptId, queue)
      const systemSelection = selectSystemAttributes(input.MessageSystemAttributeNames, input.AttributeNames)
      const attributeSelection = selectMessageAttributes(input.MessageAttributeNames)
      if (ports.encryption?.keyOf(queue)) await checkQueueKey(ports, queue, request)

      const reply = await ask(
        ports,
        {
          service: 'sqs',
          kind: 'receiveMessages',
          queue,
          limit,
          visibilityTimeoutSeconds: input.VisibilityTimeout,
          waitSeconds: input.WaitTimeSeconds,
          tags: ports.random.bytes(TAG_BYTES * limit),
          attempt,
          isMetered: ports.fifoQuota,
          disorder: isFifoName(queue.name)
            ? undefined
            : drawDisorder(ports.disorder, DRAWS_PER_MESSAGE * limit),
        },
        new WaitingClient(request),
      )
      if (reply.messages.length === 0) return {}
      const bodies = reply.bodies instanceof Promise ? await reply.bodies : reply.bodies
      const found = readContents(readerOf(ports), queue, reply.messages, bodies, () =>
        sealReadingOf(ports, queue, request),
      )
      const contents = found instanceof Promise ? await found : found
      if (request.connection.closed) {
        // Nobody will get these messages: without this they would stay hidden for the whole visibility timeout.
        await ask(ports, {
          service: 'sqs',
          kind: 'undoReceive',
          queue,
          receipts: reply.messages.map(({ receipt }) => receipt),
        })
        return {}
      }
      const received: Received[] = []
      const lost: Receipt[] = []
      const forbidden: Receipt[] = []
      let refused: DataKeyRefused | null = null
      for (let i = 0; i < contents.length; i++) {
        const content = contents[i]!
        const message = reply.messages[i]!
        if (content === null) {
          lost.push(message.receipt)
        } else if (content instanceof DataKeyRefused) {
          // A body that was sealed under another key than the queue has. What nobody can open stays hidden like what a consumer can't
          // do its work with, so that what is behind it has its turn; what others may open is left to them.
          refused ??= content
          if (content.problem === 'access denied') forbidden.push(message.receipt)
        } else {
          received.push({ message, content })
        }
      }
      // A repair wrote their bodies off: nobody will ever receive them.
      if (lost.length > 0) await ask(ports, { service: 'sqs', kind: 'deleteMessages', queue, receipts: lost })
      if (forbidden.length > 0)
        await ask(ports, { service: 'sqs', kind: 'undoReceive', queue, receipts: forbidden })
      if (received.length > 0) return new ReceivedMessages(received, systemSelection, attributeSelection)
      if (refused !== null) throw keyRefusal(refused)
      return {}
    },
    { repeats: true },
  )

function parseAttempt(id: string | undefined, queue: QueueAddress): ReceiveAttempt | undefined {
  if (id === undefined) return undefined
  if (!isFifoName(queue.name)) throw notForThisQueueType('ReceiveRequestAttemptId', id)
  checkReceiveRequestAttemptId(id)
  return { id, key: attemptKey(id) }
}

function checkSeconds(parameter: string, seconds: number | undefined, range: Range): void {
  if (seconds === undefined || isWithin(seconds, range)) return
  throw invalidParameter(parameter, seconds, `Must be >= ${range.min} and <= ${range.max}, if provided.`)
}
