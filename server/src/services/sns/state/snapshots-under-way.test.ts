import { expect, test } from 'vitest'
import { lookAtAll, workAtRandom } from '../../../../test/sns/random-work.ts'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'
import { SeededRandom } from '../../../base/random.ts'

const names = async (world: TopicWorld) =>
  (await world.sns('ListTopics')).Topics.map(({ TopicArn }: { TopicArn: string }) =>
    TopicArn.split(':').at(-1),
  )

test.each([
  ['by its name', (world: TopicWorld, topic: string) => world.sns('DeleteTopic', { TopicArn: topic })],
  ['by a reset', (world: TopicWorld) => world.reset()],
])(
  'a topic deleted %s and cleared away while a snapshot is written is in it as it was',
  async (_, remove) => {
    const world = new TopicWorld()
    const queue = await world.queue('q')
    const topic = await world.topic('news')
    await world.subscribe(topic, queue)
    const fifo = await world.topic('news.fifo', { FifoTopic: 'true' })
    await world.subscribe(fifo, await world.queue('q.fifo', { FifoQueue: 'true' }))
    const message = { TopicArn: fifo, Message: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd' }
    await world.sns('Publish', message)
    await world.restartAfterSnapshotDuring(async () => {
      for (const each of [topic, fifo]) await remove(world, each)
      world.tidy()
      // What is new takes the places of what was cleared away.
      await world.subscribe(await world.topic('new'), queue)
    })
    expect(await names(world)).toEqual(['new'])
    world.restart({ snapshot: true })
    expect(await names(world)).toEqual(['new'])
  },
)

test('a start finds what was there, whatever happened while the snapshot was written that it reads', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const world = new TopicWorld()
    const random = new SeededRandom(seed)
    try {
      for (let start = 0; start < 4; start++) {
        await workAtRandom(world, random, random.below(100))
        await world.restartAfterSnapshotDuring(
          () => workAtRandom(world, random, random.below(100)),
          () => lookAtAll(world),
        )
      }
    } catch (error) {
      throw new Error(`with seed ${seed}`, { cause: error })
    }
  }
})
