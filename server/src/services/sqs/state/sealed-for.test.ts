import { expect, test } from 'vitest'
import { MachineRig } from '../../../../test/queue-model/machine-rig.ts'
import type { QueueAddress, SqsCommand } from '../commands.ts'
import type { QueueSettings } from '../queue-settings.ts'
import { fifoMessages } from '../test-fifo-messages.ts'

const FIFO = 'q.fifo'
const STANDARD = 'q'
const at = (name: string): QueueAddress => ({ accountId: '000000000000', region: 'us-east-1', name })

function world(name: string) {
  const rig = new MachineRig(1_700_000_000_000)
  const queue = at(name)
  const execute = (command: object) => rig.execute({ service: 'sqs', queue, ...command } as SqsCommand)
  const message = { body: 0, sizeBytes: 1, delaySeconds: undefined }
  const words = new Uint32Array(4).fill(1)
  const fifoMessage = {
    ...{ body: 0, sizeBytes: 1, groupKey: words, deduplicationKey: words, messageId: words },
    deduplicatesByContent: false,
  }
  return {
    rig,
    create: (settings: Partial<QueueSettings>) => execute({ kind: 'createQueue', settings, tags: {} }),
    set: (settings: Partial<QueueSettings>) => execute({ kind: 'setQueueSettings', settings }),
    execute,
    send: (keyId?: string) =>
      name === FIFO
        ? execute({
            kind: 'sendFifoMessages',
            ...fifoMessages([fifoMessage]),
            bodies: [new Uint8Array(1)],
            keyId,
          })
        : execute({ kind: 'sendMessages', messages: [message], bodies: [new Uint8Array(1)], keyId }),
    keyId: () => rig.state.queueKeyAt(queue)?.kmsMasterKeyId ?? null,
  }
}

test.each([STANDARD, FIFO])(
  'to %s nothing is sent that is not sealed under the key that the queue has',
  (name) => {
    const { create, set, send } = world(name)
    const isTaken = (keyId?: string) => {
      const { reply, events, bodies } = send(keyId)
      if (reply === null) expect([events.length, bodies.length]).toEqual([0, 0])
      return reply !== null
    }
    create({ kmsMasterKeyId: 'first' })
    expect([isTaken(), isTaken('second'), isTaken('first')]).toEqual([false, false, true])
    set({ kmsMasterKeyId: '' })
    expect([isTaken('first'), isTaken()]).toEqual([false, true])
  },
)

test('the key of a queue is known at once, as it is after each change and after a restart', () => {
  const { rig, create, set, execute, keyId } = world(STANDARD)
  expect(keyId()).toBe(null)
  create({ kmsMasterKeyId: 'first', kmsDataKeyReusePeriodSeconds: 60 })
  expect(rig.state.queueKeyAt(at(STANDARD))).toMatchObject({
    ...{ kmsMasterKeyId: 'first', kmsDataKeyReusePeriodSeconds: 60 },
  })
  expect(rig.state.queueKeyAt(at('another'))).toBe(null)
  set({ kmsMasterKeyId: 'second' })
  expect(keyId()).toBe('second')
  rig.beginSnapshot()
  rig.writeSnapshot(1000)
  for (const fromSnapshot of [true, false]) {
    rig.restart(fromSnapshot)
    expect(keyId()).toBe('second')
  }
  set({ sqsManagedSseEnabled: true })
  expect(keyId()).toBe(null)
  set({ kmsMasterKeyId: 'third' })
  expect(rig.state.isSealing).toBe(true)
  execute({ kind: 'deleteQueue' })
  expect([keyId(), rig.state.isSealing]).toEqual([null, false])
  create({ kmsMasterKeyId: 'fourth' })
  execute({ kind: 'reset' })
  expect([keyId(), rig.state.isSealing]).toEqual([null, false])
})
