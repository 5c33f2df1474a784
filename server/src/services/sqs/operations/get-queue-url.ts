import type { GetQueueUrlRequest, GetQueueUrlResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { InvalidParameterValue, queueDoesNotExist } from '../errors.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { isQueueName } from '../queue-name.ts'
import { checkOwner, queueUrl } from '../queue-url.ts'

export const getQueueUrl = (ports: SqsPorts) =>
  operation<GetQueueUrlRequest, GetQueueUrlResult>('GetQueueUrl', async (input, request) => {
    const { accountId, region } = request.caller
    const name = input.QueueName
    if (name === '') {
      throw new ServiceError(
        InvalidParameterValue,
        'Value for parameter QueueName is invalid. Reason: Must specify a queue name.',
      )
    }
    if (!isQueueName(name)) throw queueDoesNotExist()
    checkOwner(input.QueueOwnerAWSAccountId, request)
    const queue = { accountId: input.QueueOwnerAWSAccountId ?? accountId, region, name }
    await ask(ports, { service: 'sqs', kind: 'getQueue', queue })
    return { QueueUrl: queueUrl(request, queue) }
  })
