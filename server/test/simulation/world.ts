import { createHash } from 'node:crypto'
import { SeededRandom } from '../../src/base/random.ts'
import { Cell } from '../../src/cell/cell.ts'
import { openFilesJournal } from '../../src/engines/files/files-journal.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { DiskOperation } from '../../src/engines/files/simulated-disk-calls.ts'
import { SqsState } from '../../src/services/sqs/state/sqs-state.ts'
import {
  address,
  administer,
  ask,
  type ClientContext,
  consume,
  createQueues,
  pause,
  produce,
  QUEUES,
} from './clients.ts'
import { History, type Violation } from './history.ts'
import { readBody } from './message-bodies.ts'
import { SimulatedTime } from './simulated-time.ts'

const START = Date.UTC(2026, 0, 1)
/** Longer than any delay or visibility timeout that a client asks for. */
const CALM_MS = 60_000

/** How one life of the server ends. */
type Ending = 'close' | 'kill' | 'power loss' | 'disk fault'

export interface WorldOptions {
  readonly seed: number
  /** How many times the server is started before the last check. */
  readonly lives?: number
  /** Power loss or death at exactly this write or sync (counted from 1, over all lives), and at no other. */
  readonly crashAt?: number
}

export interface WorldReport {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly messages: number
  readonly endings: readonly Ending[]
  /** Writes and syncs over all lives. */
  readonly diskCalls: number
  /** Of every byte left on the disk: the same for the same seed. */
  readonly digest: string
}

/** Calls after which something may be durable that was not before. */
const DURABILITY_CALLS: ReadonlySet<DiskOperation> = new Set([
  'write',
  'sync',
  'create',
  'rename',
  'remove',
  'truncate',
  'syncDirectory',
])

/** One start of the server. */
interface Life {
  readonly disk: SimulatedDisk
  /** The disk as the next process finds it, once this one has ended. */
  next: SimulatedDisk | null
  /** Why the cell stopped, if it did. */
  failed: Error | null
  /** True once the clients are to stop asking. */
  stopping: boolean
}

/** Thrown when the server does what it never should: it fails without a fault, or hangs. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError'
}

/**
 * A server on a disk, clients that use it, and all the ways in which it ends: closed, killed, without power, with a disk
 * that fails. It is started again each time, and in the end everything that is left is received and held against what the
 * clients were told.
 */
export class World {
  readonly #options: WorldOptions
  readonly #random: SeededRandom
  readonly #time: SimulatedTime
  readonly #history = new History()
  readonly #places = new Map<string, number>()
  readonly #endings: Ending[] = []
  #disk: SimulatedDisk
  #diskCalls = 0

  constructor(options: WorldOptions) {
    this.#options = options
    this.#random = new SeededRandom(options.seed)
    this.#time = new SimulatedTime(START, new SeededRandom(options.seed ^ 0x5eed))
    this.#disk = new SimulatedDisk({ random: new SeededRandom(options.seed ^ 0xd15c), timers: this.#time })
  }

  async run(): Promise<WorldReport> {
    const lives = this.#options.lives ?? 3 + this.#random.below(4)
    for (let life = 0; life < lives; life++) await this.#live()
    await this.#receiveAll()
    this.#history.checkAll()
    return {
      seed: this.#options.seed,
      violations: this.#history.violations,
      messages: this.#history.size,
      endings: this.#endings,
      diskCalls: this.#diskCalls,
      digest: this.#digest(),
    }
  }

  /** The disk as it is, for tests that go on with it. */
  get disk(): SimulatedDisk {
    return this.#disk
  }

  /** One start of the server, until it ends one way or another. Leaves the disk as the next start finds it. */
  async #live(): Promise<void> {
    const ending = this.#chooseEnding()
    const life: Life = { disk: this.#disk, next: null, failed: null, stopping: false }
    this.#watchDisk(life, ending)
    try {
      await this.#time.settle(this.#serve(life, ending))
    } catch (error) {
      // A server whose process has ended, or whose disk failed it, may end in the middle of anything.
      if (life.next === null && ending !== 'disk fault') {
        throw new SimulationError(`the server stopped without a reason (${ending})`, { cause: error })
      }
    }
    life.stopping = true
    this.#endings.push(ending)
    this.#disk = life.next ?? (ending === 'power loss' ? life.disk.crash() : life.disk.kill())
  }

  async #serve(life: Life, ending: Ending): Promise<void> {
    const cell = await this.#open(life)
    const context: ClientContext = {
      cell,
      time: this.#time,
      random: this.#random,
      history: this.#history,
      places: this.#places,
      stopping: () => life.stopping,
    }
    const clients = createQueues(cell).then(() =>
      Promise.all([
        produce(context, 1),
        produce(context, 2),
        consume(context),
        consume(context),
        administer(context),
      ]),
    )
    // A client whose request fails ends; that it failed without a reason is what `life.failed` tells.
    clients.catch(() => {})
    const end = this.#time.now() + 50 + this.#random.below(900)
    while (this.#time.now() < end && life.next === null && life.failed === null) await pause(this.#time, 20)
    life.stopping = true
    if (life.failed !== null && ending !== 'disk fault' && life.next === null) throw life.failed
    if (ending !== 'close' || life.next !== null) return
    cell.releaseWaiting()
    await clients
    await cell.close()
  }

  #chooseEnding(): Ending {
    if (this.#options.crashAt !== undefined) return 'close'
    return this.#random.pick(['close', 'kill', 'power loss', 'power loss', 'disk fault'])
  }

  /** Counts the calls that make things durable, and ends the process at one of them where that is planned. */
  #watchDisk(life: Life, ending: Ending): void {
    const { disk } = life
    if (ending === 'disk fault') {
      const operation = this.#random.pick(['write', 'sync', 'create', 'rename', 'syncDirectory'])
      disk.failCall(operation, 1 + this.#random.below(60), this.#random.pick(['EIO', 'ENOSPC']))
    }
    const planned = ending === 'close' || this.#random.chance(0.3) ? 0 : 1 + this.#random.below(60)
    let calls = 0
    disk.onOperation = (operation) => {
      if (!DURABILITY_CALLS.has(operation) || life.next !== null) return
      this.#diskCalls++
      if (++calls !== planned && this.#diskCalls !== this.#options.crashAt) return
      life.next = ending === 'kill' ? disk.kill() : disk.crash()
    }
  }

  /** Starts once more on a disk without faults and receives everything there is, each message once. */
  async #receiveAll(): Promise<void> {
    const life: Life = { disk: this.#disk, next: null, failed: null, stopping: true }
    const cell = await this.#time.settle(this.#open(life))
    // What is delayed or in flight is visible again by then.
    await this.#time.runFor(CALM_MS)
    for (const name of QUEUES) {
      for (let empty = 0; empty < 2; ) {
        const received = await this.#time.settle(this.#receiveSome(cell, name))
        empty = received === 0 ? empty + 1 : 0
      }
    }
    await this.#time.settle(cell.close())
    if (life.failed !== null) throw life.failed
    this.#disk = life.disk.kill()
  }

  async #receiveSome(cell: Cell, name: (typeof QUEUES)[number]): Promise<number> {
    const { messages, bodies } = await ask(cell, {
      service: 'sqs',
      kind: 'receiveMessages',
      queue: address(name),
      limit: 10,
      visibilityTimeoutSeconds: 43_200,
      waitSeconds: 0,
      tags: this.#random.bytes(80),
    })
    const contents = await bodies
    for (const [i, message] of messages.entries()) {
      const { id, intact } = readBody(contents[i]!)
      const slot = message.deadLetterSource === null ? message.receipt.slot : null
      if (this.#history.received(id, intact, slot, this.#time.now()) !== undefined) this.#history.found(id)
    }
    return messages.length
  }

  #open(life: Life): Promise<Cell> {
    return Cell.open({
      clock: this.#time,
      timers: this.#time,
      states: (units, host) => [new SqsState(units, host)],
      openJournal: (recovery, listener) =>
        openFilesJournal({ disk: life.disk, random: this.#random, timers: this.#time, recovery, listener }),
      acceptClock: true,
      snapshotLimits: { replayBytes: 100_000, garbageBytes: 100_000, garbageIntervalMs: 1000 },
      onFailure: (error) => {
        life.failed = error
      },
      report: () => {},
    })
  }

  #digest(): string {
    const hash = createHash('sha256')
    for (const name of this.#disk.names()) hash.update(name).update(this.#disk.contents(name))
    return hash.digest('hex')
  }
}
