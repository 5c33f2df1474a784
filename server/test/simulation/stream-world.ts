import { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { RecordReplies, StreamAddress } from '../../src/services/kinesis/commands.ts'
import { recordsIn } from '../kinesis/record-life.ts'
import { pause } from './clients.ts'
import { liveOnce } from './mortal-life.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'
import { createStream, putInto, send } from './stream-requests.ts'

const START = Date.UTC(2026, 0, 1)
const STREAM: StreamAddress = { accountId: '000000000000', region: 'us-east-1', name: 'ledger' }
const SHARDS = 2
const PRODUCERS = 3

/** Where an acknowledged record is, or where a reader found one. */
interface Placed {
  readonly shard: number
  readonly index: number
  readonly text: string
}

/**
 * A stream in a server that is killed again and again; clients put records, others wait for them, and the server packs what has
 * gathered. In the end everything in the stream is held against what was acknowledged and what was read before.
 */
export class StreamWorld {
  readonly #random: SeededRandom
  readonly #time: SimulatedTime
  readonly #acknowledged: Placed[] = []
  readonly #seen: Placed[] = []
  readonly #wrong: string[] = []
  #disk: SimulatedDisk
  #put = 0
  /** Chunks in the end, and reads that had waited for what they brought. */
  chunks = 0
  waits = 0

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
    this.#time = new SimulatedTime(START, new SeededRandom(seed ^ 0x5eed))
    this.#disk = new SimulatedDisk({ random: new SeededRandom(seed ^ 0xd15c), timers: this.#time })
  }

  /** What is wrong, in words. */
  async run(): Promise<readonly string[]> {
    const lives = 2 + this.#random.below(4)
    for (let life = 0; life < lives; life++) {
      const { disk } = await liveOnce({
        ...{ disk: this.#disk, time: this.#time, random: this.#random, ends: 2500 },
        serve: (isOver) => this.#serve(isOver),
      })
      this.#disk = disk
    }
    return this.#time.settle(this.#lastLife())
  }

  async #serve(isOver: () => boolean): Promise<void> {
    const time = this.#time
    const cell = await this.#open()
    const end = time.now() + 5000 + this.#random.below(40_000)
    const goesOn = () => time.now() < end && !isOver()
    const producers = Array.from({ length: PRODUCERS }, () => this.#produce(cell, goesOn))
    const readers = Array.from({ length: SHARDS }, (_, shard) => this.#follow(cell, shard, goesOn))
    const clients = Promise.all([...producers, ...readers])
    // A client whose request fails ends, as its server did.
    clients.catch(() => {})
    while (goesOn()) await pause(time, 100)
    if (isOver()) return
    await clients
    await cell.close()
  }

  /** A server that nothing happens to: what has gathered is packed, and everything is read. */
  async #lastLife(): Promise<readonly string[]> {
    const cell = await this.#open()
    await pause(this.#time, 15_000)
    const all: Placed[] = []
    for (let shard = 0; shard < SHARDS; shard++) all.push(...(await this.#readAll(cell, shard)))
    await cell.close()
    const texts = new Map(all.map(({ shard, index, text }) => [`${shard} ${index}`, text]))
    for (const { shard, index, text } of [...this.#acknowledged, ...this.#seen]) {
      const found = texts.get(`${shard} ${index}`)
      if (found !== text) this.#wrong.push(`record ${index} of shard ${shard} was ${text} and is ${found}`)
    }
    if (new Set(all.map(({ text }) => text)).size < all.length) this.#wrong.push('a record is there twice')
    return this.#wrong
  }

  async #open(): Promise<Cell> {
    const cell = await openServer({
      ...{ disk: this.#disk, time: this.#time, random: this.#random, limits: SMALL_FILES },
      onFailure: () => {},
    })
    const { streams } = await send(cell, 'listStreams', { ...STREAM, after: '', limit: 1 })
    if (streams.length > 0) return cell
    await createStream(cell, STREAM, SHARDS)
    return cell
  }

  async #produce(cell: Cell, goesOn: () => boolean): Promise<void> {
    const random = this.#random
    while (goesOn()) {
      const records = Array.from({ length: 1 + random.below(20) }, () => {
        const bytes = random.chance(0.01) ? 35_000 : random.below(1000)
        return { shard: random.below(SHARDS), key: 'key', text: `${++this.#put}`.padEnd(bytes, '.') }
      })
      for (const { shard, firstIndex } of await putInto(cell, STREAM, records)) {
        let index = firstIndex
        for (const { shard: own, text } of records) {
          if (own === shard) this.#acknowledged.push({ shard, index: index++, text })
        }
      }
      await pause(this.#time, random.below(400))
    }
  }

  /** Waits at the shard's tip for what comes: each record once, and none is left out. */
  async #follow(cell: Cell, shard: number, goesOn: () => boolean): Promise<void> {
    const start = { type: 'latest' } as const
    let { index } = (await send(cell, 'findPosition', { stream: STREAM, shard, start })).position
    while (goesOn()) {
      const reply = await read(cell, shard, index, 300)
      const { records, next } = await recordsIn(reply, { index, since: 0 })
      if (records.length > 0) this.waits++
      this.#note(shard, index, records)
      index = next
    }
  }

  async #readAll(cell: Cell, shard: number): Promise<readonly Placed[]> {
    const all: Placed[] = []
    for (let index = 1; ; ) {
      const reply = await read(cell, shard, index, 0)
      this.chunks += reply.slices.filter(({ isPacked }) => isPacked).length
      const { records, next } = await recordsIn(reply, { index, since: 0 })
      this.#note(shard, index, records)
      all.push(...records.map((record) => ({ ...record, shard })))
      if (reply.slices.length === 0) return all
      index = next
    }
  }

  #note(
    shard: number,
    from: number,
    records: readonly { readonly index: number; readonly text: string }[],
  ): void {
    for (const [i, { index, text }] of records.entries()) {
      if (index !== from + i) this.#wrong.push(`shard ${shard} gave record ${index} instead of ${from + i}`)
      this.#seen.push({ shard, index, text })
    }
  }
}

function read(
  cell: Cell,
  shard: number,
  index: number,
  waitMs: number,
): Promise<RecordReplies['readRecords']> {
  const position = { index, since: 0 }
  const wanted = { limit: 200, bytesMax: 100_000, waitMs, isMetered: false }
  return send(cell, 'readRecords', { stream: STREAM, streamNumber: 1, shard, position, ...wanted })
}
