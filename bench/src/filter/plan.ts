import type { FilterScope } from '../../../server/src/services/sns/filter/filter-scope.ts'

/** What the process that measures filter policies is to do. Handed over as JSON in its only argument. */
export interface FilterPlan {
  readonly scope: FilterScope
  /** How many subscriptions there are, each with a policy of its own; null for one policy, evaluated by itself without an index. */
  readonly subscriptions: number | null
  readonly warmUpSeconds: number
  readonly seconds: number
}
