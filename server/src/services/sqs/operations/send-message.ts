import type { SendMessageRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { MESSAGE_ID_BYTES } from '../message-to-send.ts'
import type { SqsPorts } from '../ports.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'
import { FIFO_SENDING, type Sending, STANDARD_SENDING } from '../sending.ts'
import { SentMessage } from '../sent-messages.ts'

const NAME = 'SendMessage'

export const sendMessage = (ports: SqsPorts) =>
  operation<SendMessageRequest, SentMessage>(NAME, (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    const send = async <Checked, Prepared extends { readonly sizeBytes: number }>(
      sending: Sending<Checked, Prepared>,
    ) => {
      const message = sending.check(input, ports.random.bytes(MESSAGE_ID_BYTES), NAME, request)
      const [outcome] = await sending.send(ports, queue, sending.prepare([message]), request)
      if ('error' in outcome!) throw new ServiceError(outcome.error, outcome.message)
      return new SentMessage(outcome!)
    }
    return isFifoName(queue.name) ? send(FIFO_SENDING) : send(STANDARD_SENDING)
  })
