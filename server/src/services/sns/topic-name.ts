import { isWithin } from '../../base/range.ts'
import { invalidParameter } from './errors.ts'
import { TOPIC_NAME_CHARACTERS } from './limits.ts'

const FIFO_SUFFIX = '.fifo'

export function isFifoTopicName(name: string): boolean {
  return name.endsWith(FIFO_SUFFIX)
}

/** Whether a topic can have this name, be it of the one kind or the other. */
export function isTopicName(name: string): boolean {
  const stem = isFifoTopicName(name) ? name.slice(0, -FIFO_SUFFIX.length) : name
  return isWithin(name.length, TOPIC_NAME_CHARACTERS) && /^[A-Za-z0-9_-]+$/.test(stem)
}

/** Refuses a name that no topic of the kind can have. */
export function checkNewTopicName(name: string, isFifo: boolean): void {
  if (isTopicName(name) && isFifoTopicName(name) === isFifo) return
  throw invalidParameter('Topic Name')
}
