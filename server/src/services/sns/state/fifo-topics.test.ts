import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

const FIFO = { FifoTopic: 'true' }

async function fifoWorld(attributes: object = {}) {
  const world = new TopicWorld()
  const topic = await world.topic('news.fifo', { ...FIFO, ...attributes })
  const queue = await world.queue('q.fifo', { FifoQueue: 'true' })
  await world.subscribe(topic, queue, { RawMessageDelivery: 'true' })
  const publish = (Message: string, MessageGroupId = 'g', MessageDeduplicationId?: string) =>
    world.sns('Publish', { TopicArn: topic, Message, MessageGroupId, MessageDeduplicationId })
  const texts = async () => (await world.received(queue)).map(({ Body }) => Body)
  return { world, topic, queue, publish, texts }
}

test.each([false, true])(
  'a duplicate is known for five minutes, over restarts (snapshot: %s), with nobody subscribed too',
  async (snapshot) => {
    const { world, publish, texts } = await fifoWorld()
    const first = await publish('1', 'g', 'd')
    world.restart({ snapshot })
    expect(await publish('2', 'g', 'd')).toEqual(first)
    expect(await texts()).toEqual(['1'])
    world.now += 299_999
    expect((await publish('3', 'other', 'd')).MessageId).toBe(first.MessageId)
    world.now += 1
    const later = await publish('4', 'g', 'd')
    expect(later.MessageId).not.toBe(first.MessageId)
    expect(later.SequenceNumber > first.SequenceNumber).toBe(true)
  },
)

test('the scope of deduplication is the topic, or each group', async () => {
  const { world, topic, publish, texts } = await fifoWorld({ FifoThroughputScope: 'MessageGroup' })
  await publish('1', 'a', 'd')
  await publish('2', 'b', 'd')
  await publish('3', 'a', 'd')
  // The queue deduplicates by itself, and by the whole of it.
  expect(await texts()).toEqual(['1'])
  const set = (AttributeValue: string) =>
    world.sns('SetTopicAttributes', { TopicArn: topic, AttributeName: 'FifoThroughputScope', AttributeValue })
  await set('Topic')
  const [one, two] = [await publish('4', 'c', 'e'), await publish('5', 'd', 'e')]
  expect(two).toEqual(one)
  await set('MessageGroup')
  // What was published under the old scope is still known by it.
  expect((await publish('6', 'z', 'e')).MessageId).toBe(one.MessageId)
})

test('content stands for a deduplication id where the topic allows it', async () => {
  const { publish, texts } = await fifoWorld({ ContentBasedDeduplication: 'true' })
  const first = await publish('same')
  expect(await publish('same')).toEqual(first)
  expect((await publish('same', 'g', 'own')).MessageId).not.toBe(first.MessageId)
  expect(await texts()).toEqual(['same', 'same'])
})

test('duplicates within a batch are found, and what is refused is not remembered', async () => {
  const { world, topic, texts } = await fifoWorld()
  const entry = (Id: string, Message: string, MessageDeduplicationId?: string) => ({
    Id,
    Message,
    MessageGroupId: 'g',
    MessageDeduplicationId,
  })
  const PublishBatchRequestEntries = [
    entry('1', 'a', 'x'),
    entry('2', 'b', 'x'),
    entry('3', 'c'),
    entry('4', 'd', 'y'),
  ]
  const answer = await world.sns('PublishBatch', { TopicArn: topic, PublishBatchRequestEntries })
  expect(answer.Successful.map(({ Id }: { Id: string }) => Id)).toEqual(['1', '2', '4'])
  expect(answer.Successful[1].MessageId).toBe(answer.Successful[0].MessageId)
  expect(answer.Failed).toMatchObject([{ Id: '3', Code: 'InvalidParameter' }])
  expect(await texts()).toEqual(['a', 'd'])
})

test('a message sent to the queue itself is a duplicate of one that was published to it', async () => {
  const { world, queue, publish } = await fifoWorld()
  await publish('1', 'g', 'd')
  const [landed] = await world.received(queue)
  const sent = await world.sqs('SendMessage', {
    QueueUrl: 'q.fifo',
    MessageBody: '2',
    MessageGroupId: 'g',
    MessageDeduplicationId: 'd',
  })
  expect(sent.MessageId).toBe(landed!.MessageId)
  expect(sent.SequenceNumber).toBe(landed!.Attributes.SequenceNumber)
})
