import { expect, test } from 'vitest'
import { Queues, redriveTo, refusalOf } from '../../../../test/queue-model/queues.ts'

/** `count` queues of which every second has `dead` as its dead-letter queue. */
function withSources(count: number): Queues {
  const queues = new Queues()
  for (const name of ['dead', 'other']) queues.create(name)
  for (let i = 0; i < count; i++) queues.create(`q${i}`, i % 2 === 0 ? redriveTo('dead', 1) : {})
  return queues
}

const namesOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => from + i)
    .filter((i) => i % 2 === 0)
    .map((i) => `q${i}`)
    .sort()

test('the sources of a dead-letter queue among thousands of queues are listed page by page', () => {
  const queues = withSources(5000)
  const listed: string[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page = queues.sourcesOf('dead', { after, limit: 1000 })
    expect(page.names.length).toBeLessThanOrEqual(1000)
    listed.push(...page.names)
    after = page.next
  }
  expect(listed).toEqual(namesOf(0, 5000))
  expect(queues.sourcesOf('other').names).toEqual([])
})

test.each([false, true])('a restart finds the sources again (from a snapshot: %s)', (fromSnapshot) => {
  const queues = withSources(20)
  queues.set(redriveTo('other', 1), 'q0')
  queues.set({ redrivePolicy: null }, 'q2')
  queues.drop('q4')
  queues.rig.restartWith(fromSnapshot)
  expect(queues.sourcesOf('dead').names).toEqual(namesOf(6, 20))
  expect(queues.sourcesOf('other').names).toEqual(['q0'])
})

test('a queue is a dead-letter queue as long as another one says so', () => {
  const queues = withSources(0)
  expect(refusalOf(() => queues.startMoving('dead'))).toBe('InvalidParameterValueException')
  queues.create('q', redriveTo('dead', 1))
  queues.startMoving('dead')
  queues.doChores()
  // What else changes of the queue doesn't matter.
  queues.set({ delaySeconds: 1 }, 'q')
  queues.startMoving('dead')
  queues.doChores()
  queues.set(redriveTo('other', 1), 'q')
  expect(refusalOf(() => queues.startMoving('dead'))).toBe('InvalidParameterValueException')
  queues.startMoving('other')
  queues.doChores()
  queues.drop('q')
  expect(refusalOf(() => queues.startMoving('other'))).toBe('InvalidParameterValueException')
})

test('a dead-letter queue that was deleted and made anew still has its sources, and none after a reset', () => {
  const queues = withSources(3)
  queues.drop('dead')
  expect(refusalOf(() => queues.sourcesOf('dead'))).toBe('QueueDoesNotExist')
  queues.create('dead')
  expect(queues.sourcesOf('dead').names).toEqual(['q0', 'q2'])
  queues.rig.execute({ service: 'sqs', kind: 'reset' })
  queues.create('dead')
  expect(queues.sourcesOf('dead').names).toEqual([])
})
