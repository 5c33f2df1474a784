import { expect, test } from 'vitest'
import { groupKey } from '../../src/core/keys.ts'
import type { SqsCommand, SqsReplies } from '../../src/services/sqs/commands.ts'
import { MachineRig } from './machine-rig.ts'

/**
 * What fair queues are for, in simulated time: how long messages of quiet tenants wait while another tenant has more of them
 * than there are consumers for. All that happens is the same in each run.
 */
interface Load {
  readonly seconds: number
  /** Whether messages bring their groups along. */
  readonly grouped: boolean
  /** Sent by the noisy tenant at the beginning, and in each second for as long as it goes on. */
  readonly burst: number
  readonly noisyPerSecond: number
  readonly noisySeconds: number
  /** How long a consumer takes for a message of the noisy tenant; for others it takes a second. */
  readonly noisyWorkSeconds: number
}

const IDLE: Load = {
  seconds: 120,
  grouped: true,
  burst: 0,
  noisyPerSecond: 0,
  noisySeconds: 0,
  noisyWorkSeconds: 1,
}
const QUIET_TENANTS = 40
/** Twenty quiet messages come in a second, each of which takes a consumer a second on average. */
const QUIET_PER_TICK = 2
const CONSUMERS = 50
const TICK_MS = 100

interface Dwell {
  readonly mean: number
  readonly longest: number
  readonly noisyReceived: number
}

/** How long quiet messages waited, in milliseconds, from the tenth second on; those that still wait at the end, until then. */
function dwellUnder(load: Load): Dwell {
  const rig = new MachineRig(1_700_000_000_000)
  const queue = { accountId: '000000000000', region: 'us-east-1', name: 'q' }
  const execute = (command: object) => rig.execute({ service: 'sqs', queue, ...command } as SqsCommand).reply
  execute({ kind: 'createQueue', settings: {}, tags: {} })
  const begin = rig.now
  const isNoisySlot: boolean[] = []
  const waiting = new Map<number, number>()
  const send = (tenants: readonly string[]) => {
    const messages = tenants.map((tenant, body) => ({
      body,
      sizeBytes: 1,
      delaySeconds: undefined,
      groupKey: load.grouped ? groupKey(tenant) : undefined,
    }))
    if (messages.length === 0) return
    execute({ kind: 'sendMessages', messages, bodies: tenants.map(() => new Uint8Array(1)) })
    for (const tenant of tenants) {
      if (tenant !== 'noisy') waiting.set(isNoisySlot.length, rig.now)
      isNoisySlot.push(tenant === 'noisy')
    }
  }
  for (let sent = 0; sent < load.burst; sent += 10) send(Array.from({ length: 10 }, () => 'noisy'))
  let free = CONSUMERS
  let work: { readonly doneAt: number; readonly receipt: object }[] = []
  let quietSent = 0
  let received = 0
  let noisyReceived = 0
  const dwells: number[] = []
  const ticks = (load.seconds * 1000) / TICK_MS
  for (let tick = 0; tick < ticks; tick++) {
    rig.now = begin + tick * TICK_MS
    send(Array.from({ length: QUIET_PER_TICK }, () => `quiet-${(quietSent++ * 7) % QUIET_TENANTS}`))
    if (tick * TICK_MS < load.noisySeconds * 1000) {
      send(Array.from({ length: (load.noisyPerSecond * TICK_MS) / 1000 }, () => 'noisy'))
    }
    const done = work.filter(({ doneAt }) => doneAt <= rig.now)
    work = work.filter(({ doneAt }) => doneAt > rig.now)
    free += done.length
    for (const { receipt } of done) execute({ kind: 'deleteMessages', receipts: [receipt] })
    while (free > 0) {
      const { messages } = execute({
        kind: 'receiveMessages',
        limit: 1,
        visibilityTimeoutSeconds: 600,
        waitSeconds: 0,
        tags: new Uint8Array(8).fill(1),
      }) as SqsReplies['receiveMessages']
      const [message] = messages
      if (message === undefined) break
      free--
      waiting.delete(message.receipt.slot)
      const noisy = isNoisySlot[message.receipt.slot]!
      if (noisy) noisyReceived++
      else if (tick * TICK_MS >= 10_000) dwells.push(rig.now - message.sentAt)
      const seconds = noisy ? load.noisyWorkSeconds : 1
      // Half as long to half as long again, so that consumers don't become free all at once.
      const share = 0.5 + ((received++ * 7) % 11) / 10
      work.push({ doneAt: rig.now + seconds * 1000 * share, receipt: message.receipt })
    }
  }
  for (const sentAt of waiting.values()) dwells.push(rig.now - sentAt)
  const mean = dwells.reduce((sum, each) => sum + each, 0) / dwells.length
  return { mean, longest: Math.max(...dwells), noisyReceived }
}

const idle = dwellUnder(IDLE)

test('nobody waits while consumers have capacity for all', () => {
  expect(idle).toEqual({ mean: 0, longest: 0, noisyReceived: 0 })
})

test('a backlog of one tenant delays nobody else by more than the time until the next consumer is free', () => {
  const burst = { ...IDLE, burst: 20_000, noisyPerSecond: 40, noisySeconds: 120 }
  const fair = dwellUnder(burst)
  expect(fair.mean).toBeLessThan(TICK_MS)
  expect(fair.longest).toBeLessThanOrEqual(3 * TICK_MS)
  const unfair = dwellUnder({ ...burst, grouped: false })
  expect(unfair.mean).toBeGreaterThan(20_000)
  // What the quiet ones leave is the noisy one's: no consumer is idle.
  expect(fair.noisyReceived).toBeGreaterThan(120 * (CONSUMERS - QUIET_PER_TICK * 10) * 0.95)
}, 60_000)

test('nor does it once it is forgiven, for its backlog is older than all else', () => {
  const burst = { ...IDLE, seconds: 420, burst: 20_000 }
  const fair = dwellUnder(burst)
  expect(fair.noisyReceived).toBeLessThan(20_000)
  expect(fair.mean).toBeLessThan(TICK_MS)
  expect(fair.longest).toBeLessThanOrEqual(3 * TICK_MS)
}, 60_000)

test('nor do a few messages that take long', () => {
  // With 29 in flight at most it is never noisy by their number.
  const slow = {
    ...IDLE,
    seconds: 240,
    burst: 30,
    noisyPerSecond: 10,
    noisySeconds: 240,
    noisyWorkSeconds: 30,
  }
  const fair = dwellUnder(slow)
  const unfair = dwellUnder({ ...slow, grouped: false })
  expect(fair.mean).toBeLessThan(unfair.mean / 10)
}, 60_000)
