import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Command } from '../../../core/command.ts'
import type { GuardedResource } from '../../../core/guarded-resource.ts'
import { unpackIds } from '../../../core/packed-lists.ts'
import type { ServiceState, Step } from '../../../core/service-state.ts'
import type { Units } from '../../../core/units.ts'
import { arnOf, parseArn } from '../arn.ts'
import type { IamCommand, IamReplies } from '../commands.ts'
import type { SecretsKey } from '../entities.ts'
import { secretContext } from '../secret-context.ts'
import { accountDecisions } from './account-decisions.ts'
import { applyEvent } from './apply.ts'
import type { IamContext } from './context.ts'
import { Directory } from './directory.ts'
import { EntityUnit } from './entity-unit.ts'
import { decodeEvent, encodeEvent, type IamEvent } from './events.ts'
import { groupDecisions } from './group-decisions.ts'
import { holderDecisions } from './holder-decisions.ts'
import { keyDecisions } from './key-decisions.ts'
import { policyDecisions } from './policy-decisions.ts'
import { roleDecisions } from './role-decisions.ts'
import { decodeRoot, Root } from './root.ts'
import { userDecisions } from './user-decisions.ts'

const DECISIONS = {
  ...userDecisions,
  ...groupDecisions,
  ...roleDecisions,
  ...policyDecisions,
  ...holderDecisions,
  ...keyDecisions,
  ...accountDecisions,
}

/** What makes the journal grow for good. */
const GROWING: ReadonlySet<IamCommand['kind']> = new Set([
  'createUser',
  'createGroup',
  'createRole',
  'createPolicy',
  'createPolicyVersion',
  'putInlinePolicy',
  'createKey',
  'createAccount',
])

/** Users, groups, roles, policies and accounts of one cell. They are few, and seldom change. */
export class IamState implements ServiceState<IamEvent> {
  readonly service = 'iam'
  readonly number = 4
  /** Nothing becomes due as time passes. */
  readonly nextWakeAt = Number.POSITIVE_INFINITY
  /** To be read as it is at any time, by those who have to know at once who somebody is. */
  readonly directory = new Directory()
  readonly #context: IamContext

  /** A state without entities. To go on from a snapshot, call `restore` before anything else. */
  constructor(units: Units) {
    const { directory } = this
    const root = new Root(units, directory)
    this.#context = { units, directory, root }
    units.addAs(this.number, root)
    units.touch(root)
  }

  /** A user, role or managed policy; undefined where there is no such. None has a policy for who may use it: that of a role is for AssumeRole alone. */
  guarded(arn: string): GuardedResource | undefined {
    const place = parseArn(arn)
    if (place === undefined || place.type === 'group') return undefined
    const entity = this.directory.named(place.type, place.accountId, place.name)?.entity
    return entity && arnOf(place.type, entity) === arn ? { policy: '', tags: entity.tags } : undefined
  }

  /** What is kept of the key that secrets are sealed with; null before there is one. */
  get secretsKey(): SecretsKey | null {
    return this.#context.root.secretsKey
  }

  /** Secrets of access keys, and what each was sealed as. */
  *sealedSecrets(): IterableIterator<readonly [sealed: Uint8Array, context: string]> {
    for (const { entity } of this.directory) {
      if (entity.type !== 'user' && entity.type !== 'account') continue
      for (const { id, sealedSecret } of entity.keys) yield [sealedSecret, secretContext(id)]
    }
  }

  execute(command: Command, step: Step<IamEvent>): IamReplies[keyof IamReplies] {
    // The operations of this service are the only ones that make its commands.
    const iam = command as IamCommand
    const decide: (
      context: IamContext,
      command: never,
      step: Step<IamEvent>,
    ) => IamReplies[keyof IamReplies] = DECISIONS[iam.kind]
    return decide(this.#context, iam as never, step)
  }

  advance(): void {}

  apply(event: IamEvent): void {
    applyEvent(this.#context, event)
  }

  encode(event: IamEvent, writer: ByteWriter): void {
    encodeEvent(event, writer)
  }

  decode(kind: number, version: number, reader: ByteReader): IamEvent {
    return decodeEvent(kind, version, reader)
  }

  waitFor(): null {
    return null
  }

  grows(command: Command): boolean {
    const { kind } = command as IamCommand
    return GROWING.has(kind)
  }

  chore(): null {
    return null
  }

  tidy(): boolean {
    return false
  }

  restore(snapshot: ReadonlyMap<number, Uint8Array>, units: Units): void {
    const rootBytes = snapshot.get(this.number)
    // Snapshots from before there was IAM have none.
    if (rootBytes === undefined) return
    const { root, directory } = this.#context
    const record = decodeRoot(rootBytes)
    root.nextNumber = record.nextNumber
    root.secretsKey = record.secretsKey ?? null
    for (const unit of unpackIds(record.entities)) {
      const bytes = snapshot.get(unit)
      if (bytes === undefined) throw new Error(`the snapshot lacks unit ${unit} of the IAM state`)
      directory.add(EntityUnit.restore(units, unit, bytes))
    }
    units.touch(root)
  }

  /** No bodies. */
  live(): void {}
}
