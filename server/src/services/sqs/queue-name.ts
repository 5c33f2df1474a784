import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameterValue } from './errors.ts'
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

/** Refuses a name that a new queue can't have. A queue is a FIFO queue where both its name and its creator say so. */
export function checkNewQueueName(name: string, isFifo: boolean): void {
  if (name === '') throw new ServiceError(InvalidParameterValue, 'Queue name cannot be empty')
  if (isQueueName(name) && isFifoName(name) === isFifo) return
  throw new ServiceError(
    InvalidParameterValue,
    isFifo
      ? 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.'
      : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  )
}

/**
 * Whether the queue is one that no client can name or make: such are there for what another service pushes out of the server. They
 * come with what lands in them first, and go when that service lets go of them.
 */
export function isInternalName(name: string): boolean {
  return name.startsWith('/')
}
