import { type IpNetwork, isInNetwork } from './ip-network.ts'
import type { Scalar } from './scalar.ts'
import { matchesWildcard, type Wildcard } from './wildcard.ts'

/** What one key of a policy asks of the values that a message has there: that one of them meets one of the alternatives. */
export interface Condition {
  /** Values that are asked for as they are. */
  readonly exact: ReadonlySet<Scalar>
  readonly operators: readonly Operator[]
  /** Whether it is also met where the message has no value at all, by `{"exists": false}`. */
  readonly absent: boolean
}

/** An operator that one value meets, or not, whatever else there is. */
export type Operator =
  | StringOperator
  | { readonly kind: 'numeric'; readonly range: NumberRange }
  | { readonly kind: 'cidr'; readonly network: IpNetwork }
  | { readonly kind: 'exists' }
  | { readonly kind: 'anything-but'; readonly values: ReadonlySet<Scalar> }
  | { readonly kind: 'anything-but-operators'; readonly operators: readonly StringOperator[] }

export type StringOperator =
  | { readonly kind: 'prefix'; readonly text: string }
  | { readonly kind: 'suffix'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly wildcard: Wildcard }
  /** `text` is in lower case. */
  | { readonly kind: 'equals-ignore-case'; readonly text: string }

/** Ends may be infinite. */
export interface NumberRange {
  readonly bottom: number
  readonly isBottomOpen: boolean
  readonly top: number
  readonly isTopOpen: boolean
}

/** Whether one of the values meets the condition; absence is not looked at. */
export function meets(condition: Condition, values: ReadonlySet<Scalar>): boolean {
  const { exact, operators } = condition
  const [fewer, others] = exact.size < values.size ? [exact, values] : [values, exact]
  for (const value of fewer) if (others.has(value)) return true
  for (const operator of operators) {
    for (const value of values) if (meetsOperator(operator, value)) return true
  }
  return false
}

function meetsOperator(operator: Operator, value: Scalar): boolean {
  switch (operator.kind) {
    case 'numeric':
      return typeof value === 'number' && isInRange(operator.range, value)
    case 'cidr':
      return typeof value === 'string' && isInNetwork(operator.network, value)
    case 'exists':
      return value !== null && value !== ''
    case 'anything-but':
      return !operator.values.has(value)
    case 'anything-but-operators':
      return !operator.operators.some((each) => meetsStringOperator(each, value))
    default:
      return meetsStringOperator(operator, value)
  }
}

function meetsStringOperator(operator: StringOperator, value: Scalar): boolean {
  if (typeof value !== 'string') return false
  switch (operator.kind) {
    case 'prefix':
      return value.startsWith(operator.text)
    case 'suffix':
      return value.endsWith(operator.text)
    case 'wildcard':
      return matchesWildcard(operator.wildcard, value)
    case 'equals-ignore-case':
      return value.toLowerCase() === operator.text
    default:
      return operator satisfies never
  }
}

export function isInRange({ bottom, isBottomOpen, top, isTopOpen }: NumberRange, value: number): boolean {
  return (isBottomOpen ? value > bottom : value >= bottom) && (isTopOpen ? value < top : value <= top)
}
