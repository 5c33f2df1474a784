import { expect, test } from 'vitest'
import { put, type ReadRecord, readAll } from '../../../../test/kinesis/record-life.ts'
import { HOUR_MS, ORDERS, StreamLife } from '../../../../test/kinesis/stream-life.ts'
import { SeededRandom } from '../../../base/random.ts'

/** A stream whose records are held against plain lists, whatever happens to it. */
class Records {
  life = new StreamLife()
  readonly #random: SeededRandom
  readonly #shards = new Map<number, ReadRecord[]>()
  /** What happened before the last restart. */
  readonly #past: Uint8Array[] = []
  #put = 0
  #isEncrypted = false
  #retentionHours = 24
  #trimmedBefore = 0

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
    this.life.ask('createStream', { shards: 1 + this.#random.below(4) })
  }

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.#step()
      this.#passTime(this.#random.below(40))
      if (this.#random.below(8) === 0) await this.#check()
    }
    await this.#check()
    this.life.ask('deleteStream')
    this.life.tidy()
    this.life.checkBodies()
    expect(this.life.bodies).toBe(0)
  }

  async #step(): Promise<void> {
    const random = this.#random
    const { life } = this
    switch (random.below(24)) {
      case 0:
        return void this.#passTime(random.below(3) === 0 ? random.below(10 * HOUR_MS) : random.below(60_000))
      case 1:
        return void life.tidy()
      case 2:
        return this.#restart()
      case 3:
        return this.#restartAfterSnapshotUnderWay()
      case 4:
      case 5:
        return void life.doChores(1 + random.below(60))
      case 6:
        return this.#packSlowly()
      case 7:
        return this.#reshard()
      case 8:
        this.#isEncrypted = !this.#isEncrypted
        return void life.ask('setEncryption', { keyId: this.#isEncrypted ? 'alias/streams' : null })
      case 9:
        return this.#changeRetention()
      default:
        for (let puts = 1 + random.below(12); puts > 0; puts--) this.#putSome()
    }
  }

  #putSome(): void {
    const random = this.#random
    const { life } = this
    const open = life.ask('getShardMap').shards.map(({ number }) => number)
    const records = Array.from({ length: 1 + random.below(30) }, () => {
      const bytes = random.below(60) === 0 ? random.below(50_000) : random.below(900)
      const text = `${++this.#put}`.padEnd(bytes, '.')
      return { shard: open[random.below(open.length)]!, key: `k${random.below(9)}`, text }
    })
    const outcome = put(life, records)
    if (outcome.kind !== 'put') throw new Error('the map was the present one')
    expect([outcome.now, outcome.isEncrypted]).toEqual([life.now, this.#isEncrypted])
    const shards = [...new Set(records.map(({ shard }) => shard))].sort((a, b) => a - b)
    for (const [i, shard] of shards.entries()) {
      const model = this.#of(shard)
      let index = (model.at(-1)?.index ?? 0) + 1
      expect(outcome.firstIndexes[i]).toBe(index)
      for (const { key, text, shard: own } of records) {
        if (own !== shard) continue
        const place = { index: index++, time: life.now, isEncrypted: this.#isEncrypted }
        model.push({ key, text, ...place })
      }
    }
  }

  /** Other things happen while what is to be packed is read. */
  #packSlowly(): void {
    const carryOut = this.life.beginChore()
    const random = this.#random
    if (random.below(2) === 0) this.#passTime(random.below(30 * HOUR_MS))
    if (random.below(2) === 0) this.life.tidy()
    if (random.below(2) === 0) this.life.doChores(random.below(3))
    this.#putSome()
    carryOut?.()
  }

  #restart(): void {
    const { life } = this
    const snapshot = this.#random.below(8) > 0 ? { units: life.finish(life.cut()), now: life.now } : null
    this.#past.push(...life.log)
    this.life = life.restarted(snapshot, snapshot === null ? this.#past : [])
  }

  async #restartAfterSnapshotUnderWay(): Promise<void> {
    const { life } = this
    const [now, entries] = [life.now, life.log.length]
    life.machine.advance(now)
    const cut = life.cut()
    this.#putSome()
    life.doChores(this.#random.below(20))
    this.#passTime(this.#random.below(3 * HOUR_MS))
    if (this.#random.below(2) === 0) life.tidy()
    this.#putSome()
    this.#past.push(...life.log)
    this.life = life.restarted({ units: life.finish(cut), now }, life.log.slice(entries))
  }

  #reshard(): void {
    const { life } = this
    const open = life.openShards()
    const random = this.#random
    const i = random.below(open.length)
    if (open.length > 1 && random.below(2) === 0) {
      const [first, second] = [open[i], open[i + 1]]
      if (first === undefined || second === undefined) return
      const isAdjacent = BigInt(`0x${first.endingHashKey}`) + 1n === BigInt(`0x${second.startingHashKey}`)
      if (isAdjacent) life.ask('mergeShards', { shard: first.number, adjacent: second.number })
      return
    }
    if (open.length > 6) return
    const { number, startingHashKey, endingHashKey } = open[i]!
    const middle = (BigInt(`0x${startingHashKey}`) + BigInt(`0x${endingHashKey}`)) / 2n + 1n
    life.ask('splitShard', { shard: number, at: middle.toString(16).padStart(32, '0') })
  }

  #changeRetention(): void {
    const hours = 24 + this.#random.below(30)
    if (hours === this.#retentionHours) return
    const direction = hours > this.#retentionHours ? 'increase' : 'decrease'
    this.life.ask('setRetention', { hours, direction })
    this.#retentionHours = hours
    this.#passTime(0)
  }

  #passTime(milliseconds: number): void {
    this.life.wait(milliseconds)
    this.#trimmedBefore = Math.max(this.#trimmedBefore, this.life.now - this.#retentionHours * HOUR_MS)
  }

  #of(shard: number): ReadRecord[] {
    const known = this.#shards.get(shard)
    if (known !== undefined) return known
    const model: ReadRecord[] = []
    this.#shards.set(shard, model)
    return model
  }

  /** Every shard that can be seen has all records that are there, and no other, from wherever they are read. */
  async #check(): Promise<void> {
    this.life.checkBodies()
    const random = this.#random
    for (const { number } of this.life.shards()) {
      const all = this.#of(number).filter(({ time }) => time >= this.#trimmedBefore)
      const ask = (start: Parameters<typeof startingAt>[2]) => startingAt(this.life, number, start)
      const limits = { limit: 1 + random.below(400), bytesMax: 1 + random.below(300_000) }
      expect(await readAll(this.life, number, ask({ type: 'oldest' }), limits)).toEqual(all)
      const some = all[random.below(all.length)]
      if (some === undefined) continue
      const { index, time } = some
      const from = readAll(this.life, number, { index, since: 0 }, limits)
      expect(await from).toEqual(all.filter((record) => record.index >= index))
      const since = time + random.below(2)
      const later = await readAll(this.life, number, ask({ type: 'time', time: since }), limits)
      expect(later).toEqual(all.filter((record) => record.time >= since))
      expect(await readAll(this.life, number, ask({ type: 'latest' }), limits)).toEqual([])
    }
  }
}

function startingAt(
  life: StreamLife,
  shard: number,
  start: { readonly type: 'oldest' | 'latest' } | { readonly type: 'time'; readonly time: number },
) {
  return life.ask('findPosition', { stream: ORDERS, shard, start }).position
}

test('whatever happens to a stream, its shards have the records that were put, and no body is held longer', async () => {
  for (let seed = 1; seed <= 6; seed++) await new Records(seed).run(80)
}, 120_000)
