import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

/** A confirmed subscription of an HTTP endpoint. */
async function subscribed(world: TopicWorld, topic: string, Attributes: object = {}): Promise<string> {
  const input = { TopicArn: topic, Protocol: 'http', Endpoint: 'http://example.com/hook', Attributes }
  const { SubscriptionArn } = await world.sns('Subscribe', { ...input, ReturnSubscriptionArn: true })
  await world.confirm(SubscriptionArn)
  return SubscriptionArn
}

test('what is to be pushed waits in a queue of the subscription, once it is confirmed', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  await world.sns('Subscribe', { TopicArn: topic, Protocol: 'email', Endpoint: 'miller@example.com' })
  await world.sns('Publish', { TopicArn: topic, Message: 'too early' })
  // What asks for the confirmation.
  expect(world.storedBodies).toBe(1)
  const subscription = await subscribed(world, topic)
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  expect(await world.waiting(subscription)).toEqual(['m'])
  world.restart({ snapshot: true })
  expect(await world.waiting(subscription)).toEqual(['m'])
})

test('nobody sees such a queue, or can make one', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await subscribed(world, topic)
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  await world.queue('visible')
  expect((await world.sqs('ListQueues')).QueueUrls).toEqual(['http://localhost:4566/000000000000/visible'])
  const name = `/sns/http/news/${subscription.split(':').at(-1)}`
  for (const QueueUrl of [name, `http://localhost:4566/000000000000/${name}`]) {
    await expect(world.sqs('ReceiveMessage', { QueueUrl })).rejects.toThrow()
  }
  await expect(world.sqs('CreateQueue', { QueueName: name })).rejects.toThrow()
  const Endpoint = `arn:aws:sqs:eu-west-1:000000000000:${name}`
  expect(await world.refusal('Subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint })).toMatch(
    'SQS endpoint',
  )
})

test('it goes with its subscription, or with the topic, and what is in it too', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await subscribed(world, topic)
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  await world.sns('Unsubscribe', { SubscriptionArn: subscription })
  expect(await world.waiting(subscription)).toEqual([])
  await subscribed(world, topic)
  await world.sns('Publish', { TopicArn: topic, Message: 'n' })
  await world.sns('DeleteTopic', { TopicArn: topic })
  world.tidy()
  expect(world.storedBodies).toBe(0)
})

test('what nobody pushes out is not kept for it', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const Endpoint = 'arn:aws:firehose:eu-west-1:000000000000:deliverystream/s'
  const Attributes = { SubscriptionRoleArn: 'arn:aws:iam::000000000000:role/writer' }
  await world.sns('Subscribe', { TopicArn: topic, Protocol: 'firehose', Endpoint, Attributes })
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  expect(world.storedBodies).toBe(0)
})
