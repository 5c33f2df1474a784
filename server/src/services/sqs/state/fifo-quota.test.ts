import { describe, expect, test } from 'vitest'
import { MachineRig } from '../../../../test/queue-model/machine-rig.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { deduplicationKey, groupKey } from '../../../core/keys.ts'
import type { Receipt, Refusal, SqsCommand, SqsReplies } from '../commands.ts'
import { highThroughputCallsPerSecond } from '../limits.ts'
import type { QueueSettings } from '../queue-settings.ts'
import { fifoMessages } from '../test-fifo-messages.ts'

const HIGH: Partial<QueueSettings> = {
  deduplicationScope: 'messageGroup',
  fifoThroughputLimit: 'perMessageGroupId',
}

/** One FIFO queue, in a region with the least quota unless another is named; all calls are metered unless said otherwise. */
class MeteredQueue {
  readonly rig = new MachineRig(1_700_000_000_000)
  readonly #queue: { accountId: string; region: string; name: string }
  #sent = 0

  constructor(settings: Partial<QueueSettings> = {}, region = 'eu-north-1') {
    this.#queue = { accountId: '000000000000', region, name: 'q.fifo' }
    this.#execute({ kind: 'createQueue', settings, tags: {} })
  }
  /** One call for the messages of these groups: the code of each refusal, or of the call's. */
  send(
    groups: readonly string[],
    isMetered: boolean | undefined = true,
  ): readonly (string | null)[] | string {
    const messages = groups.map((group, body) => ({
      body,
      sizeBytes: 1,
      groupKey: groupKey(group),
      deduplicationKey: deduplicationKey(`unique ${this.#sent++}`),
      deduplicatesByContent: false,
      messageId: Uint32Array.of(this.#sent, 0, 0, 0),
    }))
    const bodies = groups.map(() => new Uint8Array(1))
    return this.#outcomes({ kind: 'sendFifoMessages', ...fifoMessages(messages), bodies, isMetered })
  }
  receive(command = this.receiveCommand()): SqsReplies['receiveMessages']['messages'] {
    return (this.rig.execute(command).reply as SqsReplies['receiveMessages']).messages
  }
  receiveCommand(): SqsCommand<'receiveMessages'> {
    return {
      ...{ service: 'sqs', kind: 'receiveMessages', queue: this.#queue, limit: 10 },
      ...{ visibilityTimeoutSeconds: undefined, waitSeconds: 20, tags: new Uint8Array(80), isMetered: true },
    }
  }
  delete(receipts: readonly Receipt[]): readonly (string | null)[] | string {
    return this.#outcomes({ kind: 'deleteMessages', receipts, isMetered: true })
  }

  #outcomes(command: object): readonly (string | null)[] | string {
    try {
      const outcomes = this.#execute(command) as readonly (Refusal | object | null)[]
      return outcomes.map((each) => (each !== null && 'error' in each ? each.error.code : null))
    } catch (error) {
      if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
      throw error
    }
  }
  #execute(command: object): unknown {
    return this.rig.execute({ service: 'sqs', queue: this.#queue, ...command } as SqsCommand).reply
  }
}

const THROTTLED = 'RequestThrottled: Request is throttled'
const times = (count: number, call: () => unknown) => Array.from({ length: count }, call)

describe('a queue without high throughput', () => {
  test('takes 300 sends a second, however many messages are in each, and refuses the next as a whole', () => {
    const queue = new MeteredQueue()
    const batch = Array.from({ length: 10 }, (_, i) => `g${i}`)
    expect(times(300, () => queue.send(batch)).flat()).toEqual(Array(3000).fill(null))
    const events = queue.rig.log.length
    expect(queue.send(['g'])).toBe(THROTTLED)
    expect(queue.rig.log).toHaveLength(events)
  })

  test('begins a second with the first call after the one before, and counts no call that it refused', () => {
    const queue = new MeteredQueue()
    queue.rig.now += 700
    times(300, () => queue.send(['g']))
    queue.rig.now += 999
    expect(times(400, () => queue.send(['g']))).toEqual(Array(400).fill(THROTTLED))
    queue.rig.now += 1
    expect(times(300, () => queue.send(['g'])).flat()).toEqual(Array(300).fill(null))
    expect(queue.send(['g'])).toBe(THROTTLED)
  })

  test('counts each action by itself, and one group like many', () => {
    const queue = new MeteredQueue()
    times(300, () => queue.send(['g']))
    const received = times(300, () => queue.receive()).flat()
    expect(received).toHaveLength(10)
    expect(() => queue.receive()).toThrow('Request is throttled')
    const receipt = (received[0] as { receipt: Receipt }).receipt
    expect(times(300, () => queue.delete([receipt])).flat()).toEqual(Array(300).fill(null))
    expect(queue.delete([receipt])).toBe(THROTTLED)
  })

  test('counts a receive once, however often it is decided while it waits', () => {
    const queue = new MeteredQueue()
    const waiting = queue.receiveCommand()
    times(1000, () => queue.receive(waiting))
    expect(times(299, () => queue.receive())).toHaveLength(299)
    expect(() => queue.receive()).toThrow('Request is throttled')
    expect(queue.receive(waiting)).toEqual([])
  })

  test('has limits of its own, and begins anew with a restart', () => {
    const queue = new MeteredQueue()
    times(300, () => queue.send(['g']))
    queue.rig.restartWith(true)
    expect(queue.send(['g'])).toEqual([null])
  })

  test('has none where the call is not metered', () => {
    const queue = new MeteredQueue()
    for (const isMetered of [false, undefined, false]) times(200, () => queue.send(['g'], isMetered))
    expect(queue.send(['g'], false)).toEqual([null])
  })
})

describe('a queue with high throughput', () => {
  test('takes what its region allows', () => {
    const queue = new MeteredQueue(HIGH)
    let group = 0
    expect(times(2400, () => queue.send([`g${group++}`])).flat()).toEqual(Array(2400).fill(null))
    expect(queue.send(['another'])).toBe(THROTTLED)
    const regions = ['us-west-2', 'us-east-2', 'ap-south-1', 'sa-east-1', 'eu-north-1', 'nowhere-1']
    expect(regions.map(highThroughputCallsPerSecond)).toEqual([70_000, 19_000, 9000, 4500, 2400, 2400])
    const larger = new MeteredQueue(HIGH, 'eu-west-2')
    expect(times(2401, () => larger.send([`g${group++}`])).flat()).toEqual(Array(2401).fill(null))
  })

  test('takes 300 sends a second of a group, and refuses the entries of that group alone', () => {
    const queue = new MeteredQueue(HIGH)
    expect(times(300, () => queue.send(Array(10).fill('busy'))).flat()).toEqual(Array(3000).fill(null))
    expect(queue.send(['calm', 'busy', 'calm', 'busy'])).toEqual([
      ...[null, 'RequestThrottled', null, 'RequestThrottled'],
    ])
    expect(queue.send(['busy'])).toEqual(['RequestThrottled'])
    queue.rig.now += 1000
    expect(queue.send(['busy'])).toEqual([null])
  })

  test('takes 300 deletions a second of a group', () => {
    const queue = new MeteredQueue(HIGH)
    times(31, () => queue.send(Array(10).fill('busy')))
    const deleted: unknown[] = []
    for (let i = 0; i < 31; i++) {
      for (const { receipt } of queue.receive()) deleted.push(...queue.delete([receipt]))
    }
    expect(deleted.slice(0, 300)).toEqual(Array(300).fill(null))
    expect(deleted.slice(300)).toEqual(Array(10).fill('RequestThrottled'))
  })

  test('is held to the lesser limit again once its attribute says so', () => {
    const queue = new MeteredQueue(HIGH)
    for (let i = 0; i < 400; i++) queue.send([`g${i}`])
    const command = {
      service: 'sqs',
      kind: 'setQueueSettings',
      settings: { fifoThroughputLimit: 'perQueue' },
    }
    const address = { accountId: '000000000000', region: 'eu-north-1', name: 'q.fifo' }
    queue.rig.execute({ ...command, queue: address } as SqsCommand)
    expect(queue.send(['g'])).toBe(THROTTLED)
  })
})
