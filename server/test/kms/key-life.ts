import { expect } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import type { Command } from '../../src/core/command.ts'
import { Machine } from '../../src/core/machine.ts'
import { type Cut, Units } from '../../src/core/units.ts'
import type { KmsCommands, KmsReplies } from '../../src/services/kms/commands.ts'
import { KmsState } from '../../src/services/kms/state/kms-state.ts'

export const START = Date.UTC(2026, 0, 1)
export const DAY_MS = 86_400_000
export const SCOPE = { accountId: '000000000000', region: 'eu-west-1' }

export const keyNamed = (name: string) => ({ ...SCOPE, name })
export const aliasNamed = (name: string) => ({ ...SCOPE, name: `alias/${name}` })

/** What a command of the kind says, where a default will do for the rest. */
type Asked<Kind extends keyof KmsCommands> = Partial<KmsCommands[Kind]>

export const GRANT = {
  ...{ id: 'g1', name: '', grantee: 'arn:aws:iam::000000000000:user/a', retiring: null },
  ...{ operations: ['Encrypt'], constraints: { equals: null, subset: null } },
  issuer: 'arn:aws:iam::000000000000:root',
}

const DEFAULTS = {
  ...SCOPE,
  ...{ key: keyNamed('k1'), by: { principalArn: 'p', action: 'A' }, after: '', limit: 1000 },
  ...{ spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', manager: 'CUSTOMER', isMultiRegion: false },
  ...{
    description: '',
    tags: {},
    policy: '{}',
    rotationDays: null,
    isDryRun: false,
    id: null,
    grantee: null,
  },
  ...{ alias: null, material: { id: 'm1', sealed: new Uint8Array([1, 2, 3]) }, grant: GRANT },
}

/** The KMS state in a machine, with its journal in its plainest form: an array of events. */
export class KeyLife {
  now = START
  readonly log: Uint8Array[] = []
  #snapshot: ReadonlyMap<number, Uint8Array> = new Map()
  #units = new Units()
  #machine = new Machine([new KmsState(this.#units)])

  get machine(): Machine {
    return this.#machine
  }

  /** How much the newest snapshot holds. */
  get units(): number {
    return this.#snapshot.size
  }

  ask<Kind extends keyof KmsCommands>(kind: Kind, asked: Asked<Kind> = {}): KmsReplies[Kind] {
    this.#machine.advance(this.now)
    const command: Command = { ...DEFAULTS, ...asked, service: 'kms', kind }
    const { reply, events } = this.#machine.execute(command, 0)
    if (events.length > 0) this.log.push(events)
    return reply as KmsReplies[Kind]
  }

  /** What a client is told of a command that is refused; it must change nothing. */
  refusal<Kind extends keyof KmsCommands>(kind: Kind, asked: Asked<Kind> = {}): string {
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

  view(name = 'k1') {
    return this.ask('getKey', { key: { kind: 'key', key: keyNamed(name) } })
  }

  /** All that a client can find out. */
  content(principals: readonly string[] = []): unknown {
    return {
      aliases: this.ask('listAliases', { key: null }).aliases,
      retirable: principals.map((principal) => this.ask('listRetirableGrants', { principal }).grants),
      keys: this.ask('listKeys').ids.map((name) => ({
        view: this.view(name),
        aliases: this.ask('listAliases', { key: keyNamed(name) }).aliases,
        grants: this.ask('listGrants', { key: keyNamed(name) }).grants,
      })),
    }
  }

  wait(milliseconds: number): void {
    this.now += milliseconds
    this.#machine.advance(this.now)
  }

  /** Does all clean-up there is, and says in how many pieces. */
  tidy(): number {
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
  ): KeyLife {
    const life = new KeyLife()
    life.#snapshot = snapshot?.units ?? new Map()
    if (snapshot !== null) life.#machine.restore(snapshot.units, life.#units, snapshot.now)
    for (const events of log) life.#machine.replay(events)
    life.now = this.now
    life.#machine.advance(life.now)
    return life
  }
}
