import { expect, test } from 'vitest'
import { Queues } from '../../../../test/queue-model/queues.ts'
import { ServiceError } from '../../../api/service-error.ts'
import type { SqsCommand } from '../commands.ts'
import { COOLDOWN_SECONDS } from '../limits.ts'
import { RecentDeletions } from './recent-deletions.ts'

const queue = { accountId: '000000000000', region: 'us-east-1', name: 'q' }

/** Runs a command with its cooldown; the refusal's text, or an empty string. */
function attempt(
  queues: Queues,
  kind: 'createQueue' | 'purgeQueue',
  cooldownSeconds: number | undefined = 60,
) {
  try {
    queues.rig.execute({ service: 'sqs', kind, queue, settings: {}, tags: {}, cooldownSeconds } as SqsCommand)
    return ''
  } catch (error) {
    if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
    throw error
  }
}

/** Without one, from the log, from a snapshot. */
const RESTARTS = [null, false, true]

const RECREATED =
  'QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create another with the same name.'
const PURGED = 'PurgeQueueInProgress: Only one PurgeQueue operation on q is allowed every 60 seconds.'

test.each(RESTARTS)(
  'with its cooldown a queue is not created again within a minute of its deletion (restart from a snapshot: %s)',
  (snapshot) => {
    const queues = new Queues()
    queues.create('q')
    queues.drop('q')
    queues.create('other')
    if (snapshot !== null) queues.rig.restartWith(snapshot)
    queues.rig.now += 59_999
    expect(attempt(queues, 'createQueue')).toBe(RECREATED)
    queues.rig.now += 1
    expect(attempt(queues, 'createQueue')).toBe('')
    expect(attempt(queues, 'createQueue')).toBe('')
  },
)

test('without its cooldown a queue is created again at once', () => {
  const queues = new Queues()
  queues.create('q')
  queues.drop('q')
  expect(attempt(queues, 'createQueue', 0)).toBe('')
})

test.each(RESTARTS)(
  'with its cooldown a queue is purged once a minute (restart from a snapshot: %s)',
  (snapshot) => {
    const queues = new Queues()
    queues.create('q')
    expect(attempt(queues, 'purgeQueue')).toBe('')
    if (snapshot !== null) queues.rig.restartWith(snapshot)
    queues.rig.now += 59_999
    expect(attempt(queues, 'purgeQueue')).toBe(PURGED)
    expect(attempt(queues, 'purgeQueue', 0)).toBe('')
    queues.rig.now += 60_000
    expect(attempt(queues, 'purgeQueue')).toBe('')
  },
)

test('deletions are forgotten once nobody asks for them any more', () => {
  const deletions = new RecentDeletions()
  const address = (i: number) => ({ ...queue, name: `q${i}` })
  for (let i = 0; i < 3000; i++) deletions.add(address(i), i)
  deletions.add(address(0), 3000)
  const wait = COOLDOWN_SECONDS * 1000
  deletions.forget(wait)
  expect([...deletions.all()]).toHaveLength(3000)
  deletions.forget(wait + 1)
  expect(deletions.at(address(1))).toBe(Number.NEGATIVE_INFINITY)
  expect(deletions.at(address(2))).toBe(2)
  for (let i = 0; i < 3; i++) deletions.forget(wait + 2999)
  expect([...deletions.all()]).toEqual([[address(0), 3000]])
})
