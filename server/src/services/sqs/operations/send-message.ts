import type { SendMessageRequest, SendMessageResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { MESSAGE_ID_BYTES, prepareMessage, toMessageToSend } from '../message-to-send.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'

const NAME = 'SendMessage'

export const sendMessage = (ports: SqsPorts) =>
  operation<SendMessageRequest, SendMessageResult>(NAME, async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    const message = prepareMessage(input, ports.random.bytes(MESSAGE_ID_BYTES), NAME, request)
    const [refusal] = await ask(ports, {
      service: 'sqs',
      kind: 'sendMessages',
      queue,
      messages: [toMessageToSend(message, 0)],
      bodies: [message.body],
    })
    if (refusal) throw new ServiceError(refusal.error, refusal.message)
    return message.answer
  })
