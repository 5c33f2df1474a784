import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NamePage } from '../../../core/name-list.ts'
import { Units } from '../../../core/units.ts'
import { DEFAULT_QUEUE_SETTINGS } from '../queue-settings.ts'
import { Deadlines } from './deadlines.ts'
import { Directory } from './directory.ts'
import { Origins } from './origins.ts'
import type { Queue } from './queue.ts'
import { QueueTimers } from './queue-timers.ts'
import { StandardQueue } from './standard-queue.ts'
import { Tracking } from './tracking.ts'

const SCOPE = { accountId: '1', region: 'r' }

function queueNamed(number: number, name: string, accountId = '1', region = 'r'): Queue {
  const units = new Units()
  const tracking = new Tracking(units, () => {})
  const host = { release: () => {}, read: () => [], wake: () => {} }
  const origins = new Origins(units, () => {})
  return new StandardQueue(
    { units, tracking, origins, deadlines: new Deadlines(tracking), timers: new QueueTimers(), host },
    {
      number,
      address: { accountId, region, name },
      settings: DEFAULT_QUEUE_SETTINGS,
      tags: {},
      createdAt: 0,
      modifiedAt: 0,
    },
  )
}

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '_', '0'), minLength: 1, maxLength: 4 })

const namesOf = (queues: readonly Queue[]) =>
  queues.map((queue) => queue.address.name).sort((a, b) => (a < b ? -1 : 1))

/** What the pages have, one after the other, each of which begins after the name that the one before ends with. */
function allPages(limit: number, pageAfter: (after: string) => NamePage): readonly string[] {
  const listed: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const page = pageAfter(after)
    expect(page.names.length).toBeLessThanOrEqual(limit)
    // A next page is promised only where there is one.
    if (after !== '') expect(page.names.length).toBeGreaterThan(0)
    listed.push(...page.names)
    after = page.next
  }
  return listed
}

function sendDeadLettersTo(queue: Queue, target: string | null): void {
  const redrivePolicy = target === null ? null : { deadLetterTargetArn: arn(target), maxReceiveCount: 1 }
  queue.settings = { ...queue.settings, redrivePolicy }
}

const arn = (queue: string) => `arn:aws:sqs:r:1:${queue}`

test('the sources of a dead-letter queue are those whose settings say so, after any changes and deletions', () => {
  const targets = ['x', 'y', null] as const
  const change = fc.tuple(fc.nat(), fc.constantFrom('x', 'y', null, 'delete', 'nothing'))
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 30 }),
      fc.array(change, { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      (names, changes, limit) => {
        const directory = new Directory()
        const queues = names.map((each, i) => queueNamed(i + 1, each))
        for (const [i, queue] of queues.entries()) {
          sendDeadLettersTo(queue, targets[i % 3]!)
          directory.add(queue)
        }
        for (const [at, what] of changes) {
          const queue = queues[at % Math.max(1, queues.length)]
          if (queue === undefined) break
          if (what === 'delete') {
            directory.remove(queue)
            queues.splice(queues.indexOf(queue), 1)
          } else {
            // A change that is none, too.
            if (what !== 'nothing') sendDeadLettersTo(queue, what)
            directory.noteSettings(queue)
          }
        }
        for (const target of ['x', 'y', 'z']) {
          const expected = namesOf(
            queues.filter((each) => each.settings.redrivePolicy?.deadLetterTargetArn === arn(target)),
          )
          const address = { ...SCOPE, name: target }
          expect(allPages(limit, (after) => directory.pageOfSources(address, after, limit))).toEqual(expected)
          expect(directory.isDeadLetterQueue(address)).toBe(expected.length > 0)
        }
        directory.takeAll()
        expect(directory.isDeadLetterQueue({ ...SCOPE, name: 'x' })).toBe(false)
      },
    ),
    { numRuns: 300 },
  )
})
