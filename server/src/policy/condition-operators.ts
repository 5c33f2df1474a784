/** What is compared, and how. The negated ones are the opposites of these. reference_policies_elements_condition_operators */
export type Comparison =
  | 'StringEquals'
  | 'StringEqualsIgnoreCase'
  | 'StringLike'
  | 'NumericEquals'
  | 'NumericLessThan'
  | 'NumericLessThanEquals'
  | 'NumericGreaterThan'
  | 'NumericGreaterThanEquals'
  | 'DateEquals'
  | 'DateLessThan'
  | 'DateLessThanEquals'
  | 'DateGreaterThan'
  | 'DateGreaterThanEquals'
  | 'Bool'
  | 'BinaryEquals'
  | 'IpAddress'
  | 'ArnLike'
  | 'Null'

export interface ConditionOperator {
  readonly comparison: Comparison
  readonly negated: boolean
  /** Whether all values in the request must hold or any; null where the key is expected to have one value. */
  readonly set: 'all' | 'any' | null
  /** Whether a key that isn't in the request satisfies the condition. */
  readonly ifExists: boolean
}

const is = (comparison: Comparison) => ({ comparison, negated: false })
const isNot = (comparison: Comparison) => ({ comparison, negated: true })

const BY_NAME: ReadonlyMap<string, Pick<ConditionOperator, 'comparison' | 'negated'>> = new Map([
  ['StringEquals', is('StringEquals')],
  ['StringNotEquals', isNot('StringEquals')],
  ['StringEqualsIgnoreCase', is('StringEqualsIgnoreCase')],
  ['StringNotEqualsIgnoreCase', isNot('StringEqualsIgnoreCase')],
  ['StringLike', is('StringLike')],
  ['StringNotLike', isNot('StringLike')],
  ['NumericEquals', is('NumericEquals')],
  ['NumericNotEquals', isNot('NumericEquals')],
  ['NumericLessThan', is('NumericLessThan')],
  ['NumericLessThanEquals', is('NumericLessThanEquals')],
  ['NumericGreaterThan', is('NumericGreaterThan')],
  ['NumericGreaterThanEquals', is('NumericGreaterThanEquals')],
  ['DateEquals', is('DateEquals')],
  ['DateNotEquals', isNot('DateEquals')],
  ['DateLessThan', is('DateLessThan')],
  ['DateLessThanEquals', is('DateLessThanEquals')],
  ['DateGreaterThan', is('DateGreaterThan')],
  ['DateGreaterThanEquals', is('DateGreaterThanEquals')],
  ['Bool', is('Bool')],
  ['BinaryEquals', is('BinaryEquals')],
  ['IpAddress', is('IpAddress')],
  ['NotIpAddress', isNot('IpAddress')],
  // "The ArnEquals and ArnLike condition operators behave identically."
  ['ArnEquals', is('ArnLike')],
  ['ArnNotEquals', isNot('ArnLike')],
  ['ArnLike', is('ArnLike')],
  ['ArnNotLike', isNot('ArnLike')],
  ['Null', is('Null')],
])

const SPELLING = /^(?:(?<set>ForAllValues|ForAnyValue):)?(?<name>[A-Za-z]+?)(?<ifExists>IfExists)?$/

/** The operator of that name, such as `ForAnyValue:StringLikeIfExists`; null where there is none. `Null` has no `IfExists`. */
export function parseOperator(text: string): ConditionOperator | null {
  const groups = SPELLING.exec(text)?.groups
  const known = groups?.name === undefined ? undefined : BY_NAME.get(groups.name)
  if (known === undefined) return null
  const ifExists = groups?.ifExists !== undefined
  if (known.comparison === 'Null' && ifExists) return null
  const set = groups?.set === undefined ? null : groups.set === 'ForAllValues' ? 'all' : 'any'
  return { ...known, set, ifExists }
}
