import { FilterPolicyError } from './filter-policy-error.ts'

/** What a policy looks at: the attribute `FilterPolicyScope`, with MessageAttributes where it's not set. */
export type FilterScope = 'MessageAttributes' | 'MessageBody'

/** Throws `FilterPolicyError`. */
export function parseFilterScope(text: string): FilterScope {
  if (text === 'MessageAttributes' || text === 'MessageBody') return text
  throw new FilterPolicyError(
    `FilterPolicyScope: Invalid value [${text}]. Please use either MessageBody or MessageAttributes`,
  )
}
