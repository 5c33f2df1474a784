import type { PolicyOf } from './auth/policy-authorizer.ts'
import type { StateHost } from './core/service-state.ts'
import type { Units } from './core/units.ts'
import { IamState } from './services/iam/state/iam-state.ts'
import { KinesisState } from './services/kinesis/state/kinesis-state.ts'
import { SnsState } from './services/sns/state/sns-state.ts'
import type { Protocol } from './services/sns/subscription-settings.ts'
import type { SqsState } from './services/sqs/state/sqs-state.ts'

/** The states of all services of a cell. */
export class States {
  readonly sqs: SqsState
  readonly sns: SnsState
  readonly kinesis: KinesisState
  readonly iam: IamState

  /** `pushed`: see `SnsState`. */
  constructor(sqs: SqsState, units: Units, host: StateHost, pushed: readonly Protocol[] = []) {
    this.sqs = sqs
    this.sns = new SnsState(units, host, pushed)
    this.kinesis = new KinesisState(units, host)
    this.iam = new IamState(units)
  }

  /** In the order in which a cell has them. */
  get all() {
    return [this.sqs, this.sns, this.kinesis, this.iam]
  }

  /** The policies of queues, topics, streams and consumers, as they are at the moment. */
  readonly policyOf: PolicyOf = (arn) => {
    switch (arn.split(':', 3)[2]) {
      case 'sqs':
        return written(this.sqs.policyOf(arn), 'queue')
      case 'sns':
        return written(this.sns.policyOf(arn), 'topic')
      case 'kinesis':
        return written(this.kinesis.policyOf(arn), 'stream')
      default:
        return undefined
    }
  }
}

function written(text: string, kind: 'queue' | 'topic' | 'stream'): ReturnType<PolicyOf> {
  return text === '' ? undefined : { text, kind }
}
