import type { MinimumThroughputBillingCommitmentOutput } from '../../api/generated/kinesis.ts'
import type { AccountState } from './commands.ts'

/** Times are left out where there are none. */
export function renderCommitment({ commitment, since, until, endsAt }: AccountState): {
  readonly MinimumThroughputBillingCommitment: MinimumThroughputBillingCommitmentOutput
} {
  const isEnding = commitment && endsAt !== null
  return {
    MinimumThroughputBillingCommitment: {
      Status: isEnding ? 'ENABLED_UNTIL_EARLIEST_ALLOWED_END' : commitment ? 'ENABLED' : 'DISABLED',
      ...(since !== null && { StartedAt: since }),
      ...(commitment && until !== null && { EarliestAllowedEndAt: until }),
      ...(!commitment && endsAt !== null && { EndedAt: endsAt }),
    },
  }
}
