import type { StartMessageMoveTaskRequest, StartMessageMoveTaskResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { isWithin } from '../../../base/range.ts'
import { formatUuid, toUuid } from '../../../base/uuid.ts'
import { queueOfArn } from '../arn-parameter.ts'
import { InvalidParameterValue, resourceNotFound } from '../errors.ts'
import { MESSAGES_PER_SECOND } from '../limits.ts'
import { encodeMoveTaskHandle } from '../move-task-handle.ts'
import { ask, type SqsPorts } from '../ports.ts'

const ID_BYTES = 16

/** Answers when the task has begun; it goes on by itself, also over restarts. */
export const startMessageMoveTask = (ports: SqsPorts) =>
  operation<StartMessageMoveTaskRequest, StartMessageMoveTaskResult>(
    'StartMessageMoveTask',
    async (input, request) => {
      const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate } = input
      const source = queueOfArn('SourceArn', SourceArn, request)
      const destination =
        DestinationArn === undefined ? null : queueOfArn('DestinationArn', DestinationArn, request)
      if (destination !== null && destination.region !== source.region) {
        throw resourceNotFound('DestinationArn')
      }
      if (rate !== undefined && !isWithin(rate, MESSAGES_PER_SECOND)) {
        const { min, max } = MESSAGES_PER_SECOND
        throw new ServiceError(
          InvalidParameterValue,
          `Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between ${min} and ${max}.`,
        )
      }
      const id = formatUuid(toUuid(ports.random.bytes(ID_BYTES)))
      await ask(ports, {
        service: 'sqs',
        kind: 'startMoveTask',
        source,
        destination,
        messagesPerSecond: rate ?? null,
        id,
      })
      return { TaskHandle: encodeMoveTaskHandle({ taskId: id, sourceArn: SourceArn }) }
    },
  )
