import { expect, test } from 'vitest'
import { Queues, refusalOf } from '../../../../test/queue-model/queues.ts'
import type { SqsCommand, SqsReplies } from '../commands.ts'

const queue = { accountId: '000000000000', region: 'us-east-1', name: 'q' }
const permission = { label: 'alice', accountIds: ['111111111111'], actions: ['SendMessage'] }

function withQueue() {
  const queues = new Queues()
  queues.create('q')
  const run = (command: object) =>
    queues.rig.execute({ service: 'sqs', queue, ...command } as SqsCommand).reply
  const describe = () => run({ kind: 'getQueue' }) as SqsReplies['getQueue']
  return { queues, run, describe }
}

test.each([false, true])(
  'a permission is in the policy until it is removed, over restarts (snapshot: %s)',
  (snapshot) => {
    const { queues, run, describe } = withQueue()
    const restart = () => {
      queues.rig.restartWith(snapshot)
    }
    queues.rig.now += 5000
    run({ kind: 'addPermission', permission })
    restart()
    expect(JSON.parse(describe().settings.policy).Statement).toMatchObject([{ Sid: 'alice' }])
    expect(describe().modifiedAt).toBe(queues.rig.now)
    expect(refusalOf(() => run({ kind: 'addPermission', permission }))).toBe('InvalidParameterValueException')
    run({ kind: 'removePermission', label: 'alice' })
    restart()
    expect(describe().settings.policy).toBe('')
    expect(refusalOf(() => run({ kind: 'removePermission', label: 'alice' }))).toBe(
      'InvalidParameterValueException',
    )
  },
)

test('a queue that is not there has no permissions', () => {
  const { queues, run } = withQueue()
  queues.drop('q')
  for (const command of [
    { kind: 'addPermission', permission },
    { kind: 'removePermission', label: 'a' },
  ]) {
    expect(refusalOf(() => run(command))).toBe('QueueDoesNotExist')
  }
})
