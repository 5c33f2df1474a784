import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { QueueAddress } from './commands.ts'
import { InvalidParameterValue, resourceNotFound } from './errors.ts'
import { parseQueueArn } from './queue-arn.ts'

/** The queue that a parameter names by its ARN. Refuses what is no ARN of a queue, and queues of other accounts. */
export function queueOfArn(
  parameter: 'SourceArn' | 'DestinationArn',
  arn: string,
  request: Request,
): QueueAddress {
  const queue = parseQueueArn(arn)
  if (queue === null) {
    throw new ServiceError(
      InvalidParameterValue,
      `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    )
  }
  if (!request.isPermitted && queue.accountId !== request.caller.accountId) throw resourceNotFound(parameter)
  return queue
}
