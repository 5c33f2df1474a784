import { ServiceError } from './api/service-error.ts'
import type { ResourceOf } from './auth/policy-authorizer.ts'
import type { GuardedResource } from './core/guarded-resource.ts'
import type { StateHost } from './core/service-state.ts'
import type { Units } from './core/units.ts'
import { IamState } from './services/iam/state/iam-state.ts'
import { KinesisState } from './services/kinesis/state/kinesis-state.ts'
import type { KeyLookup } from './services/kms/access.ts'
import { resolveReference } from './services/kms/resolve-key.ts'
import { KmsState } from './services/kms/state/kms-state.ts'
import { SnsState } from './services/sns/state/sns-state.ts'
import type { Protocol } from './services/sns/subscription-settings.ts'
import type { SqsState } from './services/sqs/state/sqs-state.ts'

/** The states of all services of a cell. */
export class States {
  readonly sqs: SqsState
  readonly sns: SnsState
  readonly kinesis: KinesisState
  readonly iam: IamState
  readonly kms: KmsState

  /** `pushed`: see `SnsState`. */
  constructor(sqs: SqsState, units: Units, host: StateHost, pushed: readonly Protocol[] = []) {
    this.sqs = sqs
    this.sns = new SnsState(units, host, pushed)
    this.kinesis = new KinesisState(units, host)
    this.iam = new IamState(units)
    this.kms = new KmsState(units)
  }

  /** In the order in which a cell has them. */
  get all() {
    return [this.sqs, this.sns, this.kinesis, this.iam, this.kms]
  }

  /** Queues, topics, streams, consumers, keys, users, roles and managed policies, as they are at the moment. */
  readonly resourceOf: ResourceOf = (arn) => {
    // Behind the partition, where the service stands: `arn:aws:sqs:…`
    const at = arn.indexOf(':', arn.indexOf(':') + 1) + 1
    if (arn.startsWith('sqs:', at)) return resource(this.sqs.guarded(arn), 'queue')
    if (arn.startsWith('sns:', at)) return resource(this.sns.guarded(arn), 'topic')
    if (arn.startsWith('kinesis:', at)) return resource(this.kinesis.guarded(arn), 'stream')
    if (arn.startsWith('kms:', at)) return resource(this.kms.guarded(arn), 'key')
    if (arn.startsWith('iam:', at)) return resource(this.iam.guarded(arn), 'role')
    return undefined
  }
}

/** Looks keys up in whatever states there are; in none before there are any. */
export function keyLookupOf(states: () => States | undefined): KeyLookup {
  return {
    arnOf: (keyId, caller) => {
      try {
        return states()?.kms.arnOf(resolveReference(keyId, '', { caller, isPermitted: true })) ?? null
      } catch (error) {
        if (error instanceof ServiceError) return null
        throw error
      }
    },
    isGranted: (arn, use) => states()?.kms.isGranted(arn, use) ?? false,
  }
}

function resource(
  found: GuardedResource | undefined,
  kind: 'queue' | 'topic' | 'stream' | 'key' | 'role',
): ReturnType<ResourceOf> {
  if (found === undefined) return undefined
  const { policy: text, tags } = found
  return { policy: text === '' ? null : { text, kind }, tags }
}
