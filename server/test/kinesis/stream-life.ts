import { expect } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import type { Command } from '../../src/core/command.ts'
import type { Lifetime } from '../../src/core/lifetime.ts'
import { Machine } from '../../src/core/machine.ts'
import type { Bodies, StateHost } from '../../src/core/service-state.ts'
import { type Cut, Units } from '../../src/core/units.ts'
import type {
  KinesisCommands,
  KinesisReplies,
  ShardDescription,
  StreamAddress,
} from '../../src/services/kinesis/commands.ts'
import { KinesisState } from '../../src/services/kinesis/state/kinesis-state.ts'
import { groupsOf } from './record-groups.ts'

export const START = Date.UTC(2026, 0, 1)
export const SCOPE = { accountId: '000000000000', region: 'eu-west-1' }
export const HOUR_MS = 3_600_000
/** What is due later than that is not kept waiting by a rest between chores. */
const REST_MS_MAX = 1000

export const named = (name: string): StreamAddress => ({ ...SCOPE, name })
export const ORDERS = named('orders')

/** What a command of the kind says, where a default will do for the rest. */
type Asked<Kind extends keyof KinesisCommands> = Partial<KinesisCommands[Kind]>

const DEFAULTS = {
  ...{
    ...SCOPE,
    stream: ORDERS,
    settleMs: 0,
    id: 'VkJwJsQBwBnZ6Fp0TqS1-001',
    mode: 'PROVISIONED',
    shards: 1,
  },
  ...{ maxRecordKiB: 1024, warmThroughput: null, tags: {}, withConsumers: false, after: '', limit: 1000 },
  ...{ created: null, filter: null, from: 0, enable: [], disable: [] },
  ...{ bytesMax: Number.POSITIVE_INFINITY, waitMs: 0, isMetered: false, isSealed: false },
}

/** The Kinesis state in a machine, with its journal in its plainest form: an array of events, and bodies with their references. */
export class StreamLife {
  now = START
  readonly log: Uint8Array[] = []
  readonly woken = new Set<object>()
  /** Every body that was ever stored. */
  readonly #stored: Uint8Array[]
  /** What each of them was stored for. */
  readonly #lifetimes: Lifetime[]
  readonly #lost: Set<number>
  /** How many refer to each body, where there are some. */
  readonly #references: Map<number, number>
  #isCounting = true
  #snapshot: ReadonlyMap<number, Uint8Array> = new Map()
  #units = new Units()
  #machine = this.#newMachine()

  /** `before` has stored bodies already. */
  constructor(before: StreamLife | null = null) {
    this.#stored = before === null ? [] : [...before.#stored]
    this.#lifetimes = before === null ? [] : [...before.#lifetimes]
    this.#lost = new Set(before === null ? [] : before.#lost)
    this.#references = new Map(before === null ? [] : before.#references)
  }

  get machine(): Machine {
    return this.#machine
  }

  /** How much the newest snapshot holds. */
  get units(): number {
    return this.#snapshot.size
  }

  ask<Kind extends keyof KinesisCommands>(kind: Kind, asked: Asked<Kind> = {}): KinesisReplies[Kind] {
    this.#machine.advance(this.now)
    const command: Command = { ...DEFAULTS, ...asked, service: 'kinesis', kind }
    return this.#execute(command) as KinesisReplies[Kind]
  }

  #execute(command: Command): unknown {
    const { reply, events, bodies, references, lifetimes, retained } = this.#machine.execute(
      command,
      this.#stored.length,
    )
    if (events.length > 0) this.log.push(events)
    for (const bodyId of retained) {
      // As a journal wants it, also of what the same command lets go of.
      expect(this.#references.has(bodyId)).toBe(true)
      this.#count(bodyId, 1)
    }
    for (const [i, bytes] of bodies.entries()) {
      this.#lifetimes.push(lifetimes?.[i] ?? 0)
      this.#count(this.#stored.push(bytes) - 1, references?.[i] ?? 1)
    }
    return reply
  }

  /** Puts a run of records into each of the first open shards, in one request. */
  put(stream = ORDERS, shards = 1, bytes = 100): void {
    const { version, shards: open } = this.ask('getShardMap', { stream })
    const groups = groupsOf(
      open.slice(0, shards).map(({ number: shard }) => ({ shard, count: 3, bytes, payloadBytes: bytes })),
    )
    const body = new Uint8Array(bytes * groups.shards.length)
    this.ask('putRecords', { stream, map: version, groups, isMetered: false, bodies: [body] })
  }

  /** Does the chores that are due, at most `limit`, and says how many there were. The rests between them pass. */
  doChores(limit = Number.POSITIVE_INFINITY): number {
    let done = 0
    for (let next = this.beginChore(); next !== null && done < limit; next = this.beginChore()) {
      next()
      done++
      const restMs = (this.#machine.chore()?.at ?? 0) - this.now
      if (restMs > 0 && restMs <= REST_MS_MAX) this.wait(restMs)
    }
    return done
  }

  /** Reads what the next chore needs, if it is due, and returns what carries it out. */
  beginChore(): (() => void) | null {
    this.#machine.advance(this.now)
    const chore = this.#machine.chore()
    if (chore === null || chore.at > this.now) return null
    const read = chore.reads && this.#read(chore.reads())
    return () => void this.#execute({ ...chore.command, ...(read && { read }) })
  }

  /** Every body is referred to as often as was counted, and for as long as it was stored for. */
  checkBodies(): void {
    const seen = new Map<number, number>()
    this.#machine.live((bodyId, _bytes, lifetime = 0) => {
      expect(lifetime).toBe(this.#lifetimes[bodyId])
      seen.set(bodyId, (seen.get(bodyId) ?? 0) + 1)
    })
    const inOrder = (counts: Iterable<[number, number]>) => [...counts].sort(([a], [b]) => a - b)
    expect(inOrder(seen)).toEqual(inOrder(this.#references))
  }

  /** What those are stored for that somebody refers to, the oldest first. */
  get lifetimes(): readonly Lifetime[] {
    return this.#lifetimes.filter((_, bodyId) => this.#references.has(bodyId))
  }

  /** Has a body that nobody refers to yet, as it was stored before this life began; its id is the next one. */
  store(bytes: Uint8Array, lifetime: Lifetime): void {
    this.#stored.push(bytes)
    this.#lifetimes.push(lifetime)
  }

  /** From now on the body can't be read. */
  lose(bodyId: number): void {
    this.#lost.add(bodyId)
  }

  /** How many bodies there ever were: the id of the next one. */
  get stored(): number {
    return this.#stored.length
  }

  /** How many bodies somebody refers to. */
  get bodies(): number {
    return this.#references.size
  }

  /** What a client is told of a command that is refused; it must change nothing. */
  refusal<Kind extends keyof KinesisCommands>(kind: Kind, asked: Asked<Kind> = {}): string {
    const entries = this.log.length
    try {
      this.ask(kind, asked)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      expect(this.log.length).toBe(entries)
      return `${error.shape.code}: ${error.message}`
    }
    return 'not refused'
  }

  shards(stream = ORDERS): readonly ShardDescription[] {
    return this.ask('listShards', { stream, limit: 100_000 }).shards
  }

  openShards(stream = ORDERS): readonly ShardDescription[] {
    return this.ask('listShards', { stream, limit: 100_000, filter: { type: 'AT_LATEST' } }).shards
  }

  /** All that a client can find out of streams with these names. */
  content(): unknown {
    const { streams } = this.ask('listStreams')
    return {
      account: this.ask('getAccount'),
      limits: this.ask('getLimits'),
      streams: streams.map(({ name }) => {
        const stream = named(name)
        const { consumers } = this.ask('listConsumers', { stream })
        return {
          description: this.ask('getStream', { stream }),
          shards: this.shards(stream).map((shard) => [shard, this.#records(stream, shard.number)]),
          tags: this.ask('listTags', { resource: { stream, consumer: null } }),
          policy: this.ask('getPolicy', { resource: { stream, consumer: null } }),
          consumers: consumers.map((consumer) => {
            const resource = { stream, consumer: { name: consumer.name, created: consumer.created / 1000 } }
            return [consumer, this.ask('listTags', { resource }), this.ask('getPolicy', { resource })]
          }),
        }
      }),
    }
  }

  /** Where a shard's records lie, and where they begin for who reads all. */
  #records(stream: StreamAddress, shard: number): unknown {
    if (this.ask('getStream', { stream }).status === 'CREATING') return null
    const oldest = this.ask('findPosition', { stream, shard, start: { type: 'oldest' } })
    const { slices, tip, trimmedBefore } = this.ask('readRecords', { stream, shard, ...oldest })
    const kept = slices.map(({ firstIndex, count, time, isPacked }) => ({
      firstIndex,
      count,
      time,
      isPacked,
    }))
    return { kept, tip, trimmedBefore }
  }

  wait(milliseconds: number): void {
    this.now += milliseconds
    this.#machine.advance(this.now)
  }

  /** Does all clean-up there is, and says in how many pieces. */
  tidy(): number {
    this.#machine.advance(this.now)
    let pieces = 1
    for (let more = this.#machine.tidy(true); more; more = this.#machine.tidy()) pieces++
    return pieces
  }

  cut(): Cut {
    return this.#units.cut()
  }

  /** Writes what the cut has to write. */
  finish(cut: Cut): ReadonlyMap<number, Uint8Array> {
    const units = new Map<number, Uint8Array>()
    for (let unit = cut.next(); unit !== null; unit = cut.next()) {
      units.set(unit.id, unit.bytes ?? this.#snapshot.get(unit.id)!)
    }
    this.#snapshot = units
    return units
  }

  /** Another one that begins with a snapshot, or with nothing, and takes in events as a start does. */
  restarted(
    snapshot: { readonly units: ReadonlyMap<number, Uint8Array>; readonly now: number } | null,
    log: readonly Uint8Array[],
  ): StreamLife {
    const life = new StreamLife(this)
    life.#snapshot = snapshot?.units ?? life.#snapshot
    life.#isCounting = false
    if (snapshot !== null) life.#machine.restore(snapshot.units, life.#units, snapshot.now)
    for (const events of log) life.#machine.replay(events)
    life.now = this.now
    life.#machine.advance(life.now)
    life.#recount()
    return life
  }

  /** As a journal does when it's opened: what the clean-up gave back before may be referred to again, until it does so anew. */
  #recount(): void {
    this.#references.clear()
    this.#machine.live((bodyId) => this.#count(bodyId, 1))
    this.#isCounting = true
  }

  #count(bodyId: number, change: number): void {
    const references = (this.#references.get(bodyId) ?? 0) + change
    if (references < 0) throw new Error(`body ${bodyId} was let go of once too often`)
    if (references === 0) this.#references.delete(bodyId)
    else this.#references.set(bodyId, references)
  }

  #read(bodyIds: readonly number[]): Bodies {
    return bodyIds.map((bodyId) => {
      expect(this.#references.has(bodyId)).toBe(true)
      return this.#lost.has(bodyId) ? null : this.#stored[bodyId]!
    })
  }

  #newMachine(): Machine {
    const host: StateHost = {
      release: (bodyId, bytes) => {
        if (bytes !== this.#stored[bodyId]!.length) throw new Error(`body ${bodyId} has other bytes`)
        if (this.#isCounting) this.#count(bodyId, -1)
      },
      read: (bodyIds) => this.#read(bodyIds),
      wake: (resource) => void this.woken.add(resource),
    }
    return new Machine([new KinesisState(this.#units, host)])
  }
}
