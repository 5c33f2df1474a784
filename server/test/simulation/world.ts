import { createHash } from 'node:crypto'
import { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import { rotateKeys } from '../../src/engines/files/key-rotation.ts'
import type { Encryption } from '../../src/engines/files/keyring.ts'
import type { FilesLimits } from '../../src/engines/files/limits.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { DiskOperation } from '../../src/engines/files/simulated-disk-calls.ts'
import { testEncryption } from '../journal/encryption.ts'
import {
  address,
  administer,
  type ClientContext,
  consume,
  createQueues,
  operate,
  pause,
  produce,
  redrive,
  resetOnce,
} from './clients.ts'
import {
  consumeFifo,
  createFifoQueues,
  produceFifo,
  receiveAllFifo,
  resetFifoOnce,
  SendGate,
} from './fifo-clients.ts'
import { FifoHistory, type FifoViolation, fifoAddress } from './fifo-history.ts'
import { History, type Violation } from './history.ts'
import { receiveAll } from './receive-all.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'
import { createStream, putRecords, readStream, readWholeStream, reshard } from './stream-clients.ts'
import { StreamHistory, type StreamViolation } from './stream-history.ts'
import { consumeNews, createNews, halfPublished, publishNews, receiveAllNews } from './topic-clients.ts'

const START = Date.UTC(2026, 0, 1)

const SEALED_MS = 300
/** Longer than records wait to be packed. */
const PACKING_MS = 11_000

/** How one life of the server ends. */
export type Ending = 'close' | 'kill' | 'power loss' | 'disk fault'

export interface WorldOptions {
  readonly seed: number
  /** Whether clients use FIFO queues, rather than standard ones alone. */
  readonly fifo?: boolean
  /** Whether clients publish to topics, beside a standard queue's worth of work. */
  readonly topics?: boolean
  /** Whether clients put records into a stream and read them, beside a standard queue's worth of work. */
  readonly streams?: boolean
  /** Whether its journal is encrypted: from the first start on, or from the second and each time under another master key. */
  readonly encryption?: 'always' | 'changing'
  /** How many times the server is started before the last check. */
  readonly lives?: number
  /** Power loss or death at exactly this write or sync (counted from 1, over all lives), and at no other. */
  readonly crashAt?: number
  /** Left out: by the seed, mostly small. */
  readonly limits?: Partial<FilesLimits>
  /** How each life ends: all requests are answered and a moment has passed by then. Left out: anyhow, and anywhere. */
  readonly endings?: readonly Ending[]
}

export interface WorldReport {
  readonly seed: number
  readonly violations: readonly (Violation | FifoViolation | StreamViolation | HalfPublished)[]
  readonly messages: number
  readonly endings: readonly Ending[]
  /** Writes and syncs over all lives. */
  readonly diskCalls: number
  /** Of every byte left on the disk: the same for the same seed. */
  readonly digest: string
}

/** A message that some of the queues got that were subscribed, and others did not. */
export interface HalfPublished {
  readonly kind: 'half published'
  readonly id: string
}

/**
 * Every fourth seed has clients of FIFO queues, every fourth clients of topics, every fourth clients of a stream; and of all of them
 * every second has a journal that is encrypted.
 */
export function choicesOf(seed: number): Pick<WorldOptions, 'fifo' | 'topics' | 'streams' | 'encryption'> {
  const encryption = ([null, 'always', null, 'changing'] as const)[(seed >> 2) % 4]!
  return {
    ...{ fifo: seed % 4 === 0, topics: seed % 4 === 1, streams: seed % 4 === 2 },
    ...(encryption !== null && { encryption }),
  }
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
  readonly #fifo = new FifoHistory(this.#history)
  readonly #streams = new StreamHistory()
  readonly #places = new Map<string, number>()
  readonly #limits: Partial<FilesLimits>
  readonly #endings: Ending[] = []
  #disk: SimulatedDisk
  #diskCalls = 0

  constructor(options: WorldOptions) {
    this.#options = options
    this.#random = new SeededRandom(options.seed)
    this.#time = new SimulatedTime(START, new SeededRandom(options.seed ^ 0x5eed))
    this.#disk = new SimulatedDisk({ random: new SeededRandom(options.seed ^ 0xd15c), timers: this.#time })
    this.#limits = options.limits ?? (this.#random.chance(0.7) ? SMALL_FILES : {})
  }

  async run(): Promise<WorldReport> {
    await this.live()
    await this.#receiveAll()
    this.#history.checkAll()
    if (this.#options.streams === true) this.#streams.checkAll()
    const halves = this.#options.topics === true ? halfPublished(this.#history) : []
    return {
      seed: this.#options.seed,
      violations: [
        ...this.#history.violations,
        ...this.#fifo.violations,
        ...this.#streams.violations,
        ...halves.map((id) => ({ kind: 'half published' as const, id })),
      ],
      messages: this.#history.size + this.#streams.size,
      endings: this.#endings,
      diskCalls: this.#diskCalls,
      digest: this.#digest(),
    }
  }

  /** All lives without the last check, for tests that go on from there. */
  async live(): Promise<void> {
    const { endings } = this.#options
    const lives = endings?.length ?? this.#options.lives ?? 3 + this.#random.below(4)
    for (let life = 0; life < lives; life++) await this.#live(endings?.[life] ?? this.#chooseEnding())
  }

  get disk(): SimulatedDisk {
    return this.#disk
  }

  get history(): History {
    return this.#history
  }

  get places(): ReadonlyMap<string, number> {
    return this.#places
  }

  get now(): number {
    return this.#time.now()
  }

  /** One start of the server, until it ends one way or another. Leaves the disk as the next start finds it. */
  async #live(ending: Ending): Promise<void> {
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
    const clients = this.#useAll(context)
    // A client whose request fails ends; that it failed without a reason is what `life.failed` tells.
    clients.catch(() => {})
    const end = this.#time.now() + 50 + this.#random.below(700)
    while (this.#time.now() < end && life.next === null && life.failed === null) await pause(this.#time, 20)
    life.stopping = true
    if (this.#options.streams === true && this.#random.chance(0.5)) await this.#letPack(life)
    if (life.failed !== null && ending !== 'disk fault' && life.next === null) throw life.failed
    const isCalm = ending === 'close' || this.#options.endings !== undefined
    if (!isCalm || life.next !== null) return
    cell.releaseWaiting()
    await clients
    if (ending === 'close') await cell.close()
    // Longer than it takes to seal what was answered last.
    else await pause(this.#time, SEALED_MS)
  }

  /** Nobody asks for anything, and what came to streams grows old enough to be put together. */
  async #letPack(life: Life): Promise<void> {
    const end = this.#time.now() + PACKING_MS
    while (this.#time.now() < end && life.next === null && life.failed === null) await pause(this.#time, 200)
  }

  #useAll(context: ClientContext): Promise<void> {
    const { fifo, topics, streams } = this.#options
    if (fifo === true) return this.#useFifoQueues(context)
    if (streams === true) return this.#useStreams(context)
    return topics === true ? this.#useTopics(context) : this.#useQueues(context)
  }

  async #useTopics(context: ClientContext): Promise<void> {
    await createQueues(context.cell)
    await createNews(context)
    await Promise.all([
      publishNews(context, 1),
      publishNews(context, 2),
      consumeNews(context),
      consumeNews(context),
      produce(context, 3),
      consume(context),
      operate(context),
    ])
  }

  async #useStreams(clients: ClientContext): Promise<void> {
    const context = { ...clients, streams: this.#streams }
    await createQueues(context.cell)
    await createStream(context)
    await Promise.all([
      putRecords(context, 1),
      putRecords(context, 2),
      readStream(context),
      readStream(context),
      reshard(context),
      produce(context, 3),
      consume(context),
      operate(context),
    ])
  }

  async #useQueues(context: ClientContext): Promise<void> {
    await createQueues(context.cell)
    await Promise.all([
      produce(context, 1),
      produce(context, 2),
      consume(context),
      consume(context),
      administer(context),
      redrive(context, address('orders-dead')),
      operate(context),
      this.#resets(() =>
        resetOnce(context, { around: (reset) => reset(), recreate: () => createQueues(context.cell) }),
      ),
    ])
  }

  /** Beside one standard queue's worth of work, for what the kinds of queue share. */
  async #useFifoQueues(clients: ClientContext): Promise<void> {
    const context = { ...clients, fifo: this.#fifo, gate: new SendGate() }
    this.#fifo.restarted()
    await createQueues(context.cell)
    await createFifoQueues(context.cell)
    await Promise.all([
      produceFifo(context, 1),
      produceFifo(context, 2),
      consumeFifo(context),
      consumeFifo(context),
      consumeFifo(context),
      redrive(context, fifoAddress('shipments-dead.fifo')),
      produce(context, 3),
      consume(context),
      operate(context),
      this.#resets(() => resetFifoOnce(context)),
    ])
  }

  /** What lives are to leave behind, for tests that go on from there, no reset is to take away. */
  async #resets(reset: () => Promise<void>): Promise<void> {
    if (this.#options.endings === undefined) await reset()
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
    const planned =
      this.#options.endings !== undefined || ending === 'close' || this.#random.chance(0.3)
        ? 0
        : 1 + this.#random.below(60)
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
    // Every life may have been too short for a queue to be made, and the last may have ended between a reset and that.
    if (this.#options.endings === undefined) await this.#time.settle(createQueues(cell))
    const unreadable = await receiveAll({
      cell,
      time: this.#time,
      random: this.#random,
      history: this.#history,
    })
    if (this.#options.topics === true) {
      await this.#time.settle(createNews({ cell }))
      await receiveAllNews({ cell, time: this.#time, random: this.#random, history: this.#history })
    }
    if (this.#options.streams === true) {
      await this.#time.settle(createStream({ cell }))
      await readWholeStream({ cell, time: this.#time, random: this.#random, streams: this.#streams })
    }
    if (this.#options.fifo === true) {
      await this.#time.settle(createFifoQueues(cell))
      await receiveAllFifo({
        cell,
        time: this.#time,
        random: this.#random,
        history: this.#history,
        fifo: this.#fifo,
      })
    }
    await this.#time.settle(cell.close())
    if (life.failed !== null) throw life.failed
    if (unreadable.length > 0) throw unreadable[0]
    this.#disk = life.disk.kill()
  }

  async #open(life: Life): Promise<Cell> {
    const encryption = this.#encryption()
    if (encryption !== undefined) await rotateKeys(life.disk, encryption, this.#random, () => {})
    return openServer({
      disk: life.disk,
      encryption,
      time: this.#time,
      random: this.#random,
      limits: this.#limits,
      onFailure: (error) => {
        life.failed = error
      },
    })
  }

  /** Of this start. A change of keys may have been cut short, so that the key before the last is needed too. */
  #encryption(): Encryption | undefined {
    const starts = this.#endings.length
    switch (this.#options.encryption) {
      case 'always':
        return testEncryption()
      case 'changing':
        return starts === 0
          ? undefined
          : testEncryption(starts, ...Array.from({ length: starts }, (_, i) => i))
      default:
        return undefined
    }
  }

  #digest(): string {
    const hash = createHash('sha256')
    for (const name of this.#disk.names()) hash.update(name).update(this.#disk.contents(name))
    return hash.digest('hex')
  }
}
