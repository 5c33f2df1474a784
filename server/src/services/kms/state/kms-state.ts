import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Command } from '../../../core/command.ts'
import type { GuardedResource } from '../../../core/guarded-resource.ts'
import { unpackIds } from '../../../core/packed-lists.ts'
import { ResourceDirectory } from '../../../core/resource-directory.ts'
import type { ServiceState, Step } from '../../../core/service-state.ts'
import type { Units } from '../../../core/units.ts'
import type { KeyReference, KmsCommand, KmsReplies } from '../commands.ts'
import { type GrantedUse, isWithinGrant } from '../grant-scope.ts'
import { aliasArn, keyArn } from '../key-arn.ts'
import { materialContext } from '../material-context.ts'
import { Alias } from './alias.ts'
import { aliasDecisions } from './alias-decisions.ts'
import { applyEvent, removeDeleted } from './apply.ts'
import { Cleanup } from './cleanup.ts'
import type { KmsContext } from './context.ts'
import type { AnyDecision } from './decision.ts'
import { Deletions } from './deletions.ts'
import { decodeEvent, encodeEvent, type KmsEvent } from './events.ts'
import { grantDecisions } from './grant-decisions.ts'
import { Key } from './key.ts'
import { keyDecisions } from './key-decisions.ts'
import { Keys } from './keys.ts'
import { RetirableGrants } from './retirable-grants.ts'
import { decodeRoot, Root } from './root.ts'
import { rotationDecisions } from './rotation-decisions.ts'

const DECISIONS = { ...keyDecisions, ...rotationDecisions, ...aliasDecisions, ...grantDecisions }

/** What makes the journal grow for good. */
const GROWING: ReadonlySet<KmsCommand['kind']> = new Set([
  'createKey',
  'rotateKey',
  'createAlias',
  'createGrant',
])

/** All keys of one cell, with their aliases and grants. */
export class KmsState implements ServiceState<KmsEvent> {
  readonly service = 'kms'
  readonly number = 5
  readonly #context: KmsContext

  /** A state without keys. To go on from a snapshot, call `restore` before anything else. */
  constructor(units: Units) {
    const keys = new Keys()
    const aliases = new ResourceDirectory<Alias>(aliasArn)
    const root = new Root(units, keys, aliases)
    const retirable = new RetirableGrants()
    const cleanup = new Cleanup(units, retirable)
    this.#context = { units, keys, aliases, root, retirable, cleanup, deletions: new Deletions() }
    units.addAs(this.number, root)
    units.touch(root)
  }

  execute(command: Command, step: Step<KmsEvent>): KmsReplies[keyof KmsReplies] {
    // The operations of this service are the only ones that make its commands.
    const kms = command as KmsCommand
    const decide: AnyDecision = DECISIONS[kms.kind]
    return decide(this.#context, kms as never, step)
  }

  /** Materials of all keys, and what each was sealed as. */
  *sealedMaterials(): IterableIterator<readonly [sealed: Uint8Array, context: string]> {
    for (const { address, materials } of this.#context.keys) {
      for (const { id, sealed } of materials) yield [sealed, materialContext(address, id)]
    }
  }

  /** Undefined where there is no such key. */
  guarded(arn: string): GuardedResource | undefined {
    return this.#context.keys.withArn(arn)?.settings
  }

  /** The ARN of the key that a reference means; null where there is none. */
  arnOf(reference: KeyReference): string | null {
    const { keys, aliases } = this.#context
    if (reference.kind === 'key') return keys.at(reference.key) === undefined ? null : keyArn(reference.key)
    const alias = aliases.at(reference.alias)
    const key = alias && keys.numbered(alias.key)
    return key === undefined ? null : keyArn(key.address)
  }

  /** Whether a grant of the key lets somebody do something. */
  isGranted(arn: string, use: GrantedUse): boolean {
    const key = this.#context.keys.withArn(arn)
    if (key === undefined) return false
    for (const grant of key.grants) if (isWithinGrant(key.grantView(grant), use)) return true
    return false
  }

  get nextWakeAt(): number {
    return this.#context.deletions.earliest
  }

  advance(now: number): void {
    removeDeleted(this.#context, now)
  }

  apply(event: KmsEvent, now: number): void {
    applyEvent(this.#context, event, now)
  }

  encode(event: KmsEvent, writer: ByteWriter): void {
    encodeEvent(event, writer)
  }

  decode(kind: number, version: number, reader: ByteReader): KmsEvent {
    return decodeEvent(kind, version, reader)
  }

  waitFor(): null {
    return null
  }

  grows(command: Command): boolean {
    const { kind } = command as KmsCommand
    return GROWING.has(kind)
  }

  /** Rotations need material, which a front makes when it meets a key that is due. */
  chore(): null {
    return null
  }

  tidy(): boolean {
    return this.#context.cleanup.tidy()
  }

  restore(snapshot: ReadonlyMap<number, Uint8Array>, units: Units): void {
    const rootBytes = snapshot.get(this.number)
    // Snapshots from before there were keys have none.
    if (rootBytes === undefined) return
    const { root, keys, aliases, retirable, deletions } = this.#context
    const record = decodeRoot(rootBytes)
    root.nextKey = record.nextKey
    root.nextAlias = record.nextAlias
    const contentOf = (unit: number) => {
      const bytes = snapshot.get(unit)
      if (bytes === undefined) throw new Error(`the snapshot lacks unit ${unit} of the KMS state`)
      return bytes
    }
    for (const unit of unpackIds(record.keys)) {
      const key = Key.restore(units, unit, contentOf)
      keys.add(key)
      if (key.isPendingDeletion) deletions.add(key)
      for (const grant of key.grants) retirable.add(key, grant)
    }
    for (const unit of unpackIds(record.aliases)) {
      const alias = Alias.restore(units, unit, contentOf)
      aliases.add(alias)
      keys.numbered(alias.key)?.aliasNames.add(alias.address.name)
    }
    units.touch(root)
  }

  /** Nothing of a key lies in bodies. */
  live(): void {}
}
