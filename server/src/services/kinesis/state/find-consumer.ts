import type { ConsumerName } from '../commands.ts'
import { consumerNotActive, consumerNotFound } from '../errors.ts'
import type { Consumer } from './consumer.ts'
import type { Stream } from './stream.ts'

export function existingConsumer(stream: Stream, { name, created }: ConsumerName): Consumer {
  const consumer = stream.consumer(name)
  if (consumer === undefined || (created !== null && created !== consumer.record.createdSecond)) {
    throw consumerNotFound(name, stream.address)
  }
  return consumer
}

/** A consumer that something can be done to. */
export function activeConsumer(stream: Stream, name: ConsumerName, now: number): Consumer {
  const consumer = existingConsumer(stream, name)
  if (consumer.statusAt(now) === 'ACTIVE') return consumer
  const { createdSecond } = consumer.record
  throw consumerNotActive({ consumer: consumer.name, createdSecond, stream: stream.address })
}
