import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameterValue, UnsupportedOperation } from './errors.ts'
import { QUEUE_NAME_CHARACTERS_MAX } from './limits.ts'

const FIFO_SUFFIX = '.fifo'
const LETTERS = /^[A-Za-z0-9_-]+$/

/** Whether a queue, standard or FIFO, could bear the name. The suffix counts towards the length. */
export function isQueueName(name: string): boolean {
  if (name.length > QUEUE_NAME_CHARACTERS_MAX) return false
  return LETTERS.test(isFifoName(name) ? name.slice(0, -FIFO_SUFFIX.length) : name)
}

export function isFifoName(name: string): boolean {
  return name.endsWith(FIFO_SUFFIX)
}

/** Refuses a name that a new queue can't have. */
export function checkNewQueueName(name: string): void {
  if (name === '') throw new ServiceError(InvalidParameterValue, 'Queue name cannot be empty')
  if (!isQueueName(name)) {
    throw new ServiceError(
      InvalidParameterValue,
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    )
  }
  if (isFifoName(name)) throw fifoUnsupported()
}

export const fifoUnsupported = () =>
  new ServiceError(
    UnsupportedOperation,
    'FIFO queues are not available on this server yet. Create a standard queue: leave out FifoQueue and the .fifo suffix.',
  )
