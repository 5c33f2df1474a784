import { expect } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import type { Command } from '../../src/core/command.ts'
import { Machine } from '../../src/core/machine.ts'
import type { StateHost } from '../../src/core/service-state.ts'
import { type Cut, Units } from '../../src/core/units.ts'
import type {
  KinesisCommands,
  KinesisReplies,
  ShardDescription,
  StreamAddress,
} from '../../src/services/kinesis/commands.ts'
import { KinesisState } from '../../src/services/kinesis/state/kinesis-state.ts'

export const START = Date.UTC(2026, 0, 1)
export const SCOPE = { accountId: '000000000000', region: 'eu-west-1' }
export const HOUR_MS = 3_600_000

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
}

/** The Kinesis state in a machine, with its journal in its plainest form: an array of events. */
export class StreamLife {
  now = START
  readonly log: Uint8Array[] = []
  readonly woken = new Set<object>()
  #stored: ReadonlyMap<number, Uint8Array> = new Map()
  #units = new Units()
  #machine = this.#newMachine()

  get machine(): Machine {
    return this.#machine
  }

  /** How much the newest snapshot holds. */
  get units(): number {
    return this.#stored.size
  }

  ask<Kind extends keyof KinesisCommands>(kind: Kind, asked: Asked<Kind> = {}): KinesisReplies[Kind] {
    this.#machine.advance(this.now)
    const command: Command = { ...DEFAULTS, ...asked, service: 'kinesis', kind }
    const { reply, events } = this.#machine.execute(command, 0)
    if (events.length > 0) this.log.push(events)
    return reply as KinesisReplies[Kind]
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
          shards: this.shards(stream),
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
      units.set(unit.id, unit.bytes ?? this.#stored.get(unit.id)!)
    }
    this.#stored = units
    return units
  }

  /** Another one that begins with a snapshot, or with nothing, and takes in events as a start does. */
  restarted(
    snapshot: { readonly units: ReadonlyMap<number, Uint8Array>; readonly now: number } | null,
    log: readonly Uint8Array[],
  ): StreamLife {
    const life = new StreamLife()
    if (snapshot !== null) life.#machine.restore(snapshot.units, life.#units, snapshot.now)
    for (const events of log) life.#machine.replay(events)
    life.now = this.now
    life.#machine.advance(life.now)
    return life
  }

  #newMachine(): Machine {
    const host: StateHost = {
      release: () => {},
      read: () => [],
      wake: (resource) => void this.woken.add(resource),
    }
    return new Machine([new KinesisState(this.#units, host)])
  }
}
