import type { ConsumerName } from '../commands.ts'
import { consumerNotActive, consumerNotFound } from '../errors.ts'
import type { Consumer } from './consumer.ts'
import type { Stream } from './stream.ts'

export function existingConsumer(stream: Stream, name: ConsumerName): Consumer {
  const consumer = stream.consumerNamed(name)
  if (consumer === undefined) throw consumerNotFound(name.name, stream.address)
  return consumer
}

/** A consumer that something can be done to. */
export function activeConsumer(stream: Stream, name: ConsumerName, now: number): Consumer {
  const consumer = existingConsumer(stream, name)
  if (consumer.statusAt(now) === 'ACTIVE') return consumer
  const { createdSecond } = consumer.record
  throw consumerNotActive({ consumer: consumer.name, createdSecond, stream: stream.address })
}
