import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameter } from './errors.ts'
import { parseFilterPolicy } from './filter/filter-policy.ts'
import { FilterPolicyError } from './filter/filter-policy-error.ts'
import type { SubscriptionSettings } from './subscription-settings.ts'

/**
 * Refuses a filter policy that can't be one in its scope. The two are set one by one, and hang together: so only the cell knows
 * both. `prefix` is what Subscribe says before the reason.
 */
export function checkFilterPolicy(settings: SubscriptionSettings, prefix = ''): void {
  if (settings.filterPolicy === '') return
  try {
    parseFilterPolicy(settings.filterPolicy, settings.filterPolicyScope)
  } catch (error) {
    if (!(error instanceof FilterPolicyError)) throw error
    throw new ServiceError(InvalidParameter, `Invalid parameter: ${prefix}${error.message}`)
  }
}
