import type { Condition, NumberRange, Operator, StringOperator } from './condition.ts'
import { refusePolicy } from './filter-policy-error.ts'
import { IpNetworkError, parseNetwork } from './ip-network.ts'
import { NUMBER_MAGNITUDE_MAX } from './limits.ts'
import type { Token, TokenWalk } from './policy-tokens.ts'
import { cutNumber, isFilterNumber, type Scalar } from './scalar.ts'
import { parseWildcard, WildcardError } from './wildcard.ts'

/** A condition, and what it counts for where a policy's complexity is limited. */
export interface WrittenCondition {
  readonly condition: Condition
  /** How many entries its array has. */
  readonly alternatives: number
  /** The wildcards in each of its patterns that are patterns of wildcards. */
  readonly wildcards: readonly number[]
}

/**
 * Reads the alternatives of one key, from behind the bracket that opens them to the one that closes them. Rules, and the order in
 * which they are looked at, are those of the compiler behind EventBridge's and SNS's policies, so that a policy with several
 * faults is refused for the same one: https://github.com/aws/event-ruler. Throws `FilterPolicyError`.
 */
export function readCondition(walk: TokenWalk): WrittenCondition {
  const exact = new Set<Scalar>()
  const operators: Operator[] = []
  const wildcards: number[] = []
  let absent = false
  let alternatives = 0
  for (let token = walk.next(); token.kind !== ']'; token = walk.next()) {
    alternatives++
    switch (token.kind) {
      case '{': {
        const operator = readExpression(walk, wildcards)
        if (operator.kind === 'absent') absent = true
        else if (operator.kind === 'numeric' && operator.range.bottom === operator.range.top) {
          exact.add(operator.range.top)
        } else operators.push(operator)
        break
      }
      case 'string':
      case 'literal':
        exact.add(token.value)
        break
      case 'number':
        exact.add(cutNumber(token.value))
        break
      default:
        throw walk.refusal('Match value must be String, number, true, false, or null')
    }
  }
  if (alternatives === 0) throw walk.refusal('Empty arrays are not allowed')
  return { condition: { exact, operators, absent }, alternatives, wildcards }
}

type Expression = Operator | { readonly kind: 'absent' }

/** One `{"operator": ...}`, from behind its brace. */
function readExpression(walk: TokenWalk, wildcards: number[]): Expression {
  const name = walk.next()
  if (name.kind !== 'name') throw walk.refusal('Match expression name not found')
  switch (name.value) {
    case 'prefix':
    case 'suffix':
    case 'wildcard':
    case 'equals-ignore-case': {
      const operator = readStringOperator(walk, name.value, walk.next(), wildcards)
      endExpression(walk, ONE_KEY)
      return operator
    }
    case 'numeric':
      return readNumeric(walk)
    case 'anything-but':
      return readAnythingBut(walk, wildcards)
    case 'exists':
      return readExists(walk)
    case 'cidr':
      return readCidr(walk)
    default:
      throw walk.refusal(`Unrecognized match type ${name.value}`)
  }
}

const ONE_KEY = 'Only one key allowed in match expression'
const TOO_MANY = 'Too many elements in numeric expression'

function endExpression(walk: TokenWalk, reason: string): void {
  if (walk.next().kind !== '}') throw walk.refusal(reason)
}

/** `token` is the operator's value, where the walk stands. */
function readStringOperator(
  walk: TokenWalk,
  kind: StringOperator['kind'],
  token: Token,
  wildcards: number[],
): StringOperator {
  if (token.kind !== 'string') throw walk.refusal(`${kind} match pattern must be a string`)
  walk.lookInto()
  switch (kind) {
    case 'prefix':
    case 'suffix':
      return { kind, text: token.value }
    case 'equals-ignore-case':
      return { kind, text: token.value.toLowerCase() }
    case 'wildcard':
      try {
        const wildcard = parseWildcard(token.value)
        wildcards.push(wildcard.count)
        return { kind, wildcard }
      } catch (error) {
        if (!(error instanceof WildcardError)) throw error
        throw walk.refusal(error.message)
      }
    default:
      return kind satisfies never
  }
}

function readExists(walk: TokenWalk): Expression {
  const token = walk.next()
  if (token.kind !== 'literal' || token.value === null) {
    throw walk.refusal('exists match pattern must be either true or false.')
  }
  endExpression(walk, ONE_KEY)
  return { kind: token.value ? 'exists' : 'absent' }
}

function readCidr(walk: TokenWalk): Operator {
  const token = walk.next()
  // AWS says prefix here too.
  if (token.kind !== 'string') throw walk.refusal('prefix match pattern must be a string')
  walk.lookInto()
  try {
    const network = parseNetwork(token.value)
    endExpression(walk, ONE_KEY)
    return { kind: 'cidr', network }
  } catch (error) {
    if (!(error instanceof IpNetworkError)) throw error
    throw refusePolicy(error.message)
  }
}

function readNumeric(walk: TokenWalk): Operator {
  if (walk.next().kind !== '[') throw walk.refusal('Value of numeric must be an array.')
  const range = readRange(walk)
  endExpression(walk, TOO_MANY)
  return { kind: 'numeric', range }
}

/** A comparison, or two that make a range, up to the bracket behind them. Numbers beyond the limits are in no range. */
function readRange(walk: TokenWalk): NumberRange {
  const operator = walk.next()
  if (operator.kind !== 'string') throw walk.refusal(`Invalid member in numeric match: ${walk.written()}`)
  walk.lookInto()
  const token = walk.next()
  switch (operator.value) {
    case '=': {
      const value = readNumber(walk, token, 'equals')
      endRange(walk, TOO_MANY)
      return { bottom: inRange(walk, value), isBottomOpen: false, top: value, isTopOpen: false }
    }
    case '<':
    case '<=': {
      const top = readNumber(walk, token, operator.value)
      endRange(walk, TOO_MANY)
      const isTopOpen = operator.value === '<'
      return { bottom: -NUMBER_MAGNITUDE_MAX, isBottomOpen: false, top: inRange(walk, top), isTopOpen }
    }
    case '>':
    case '>=':
      return readTop(walk, readNumber(walk, token, operator.value), operator.value === '>')
    default:
      throw walk.refusal(`Unrecognized numeric range operator: ${operator.value}`)
  }
}

/** What stands behind the bottom of a range. */
function readTop(walk: TokenWalk, bottom: number, isBottomOpen: boolean): NumberRange {
  const operator = walk.next()
  if (operator.kind === ']') {
    return { bottom: inRange(walk, bottom), isBottomOpen, top: NUMBER_MAGNITUDE_MAX, isTopOpen: false }
  }
  if (operator.kind !== 'string') throw walk.refusal(`Bad value in numeric range: ${walk.written()}`)
  walk.lookInto()
  if (operator.value !== '<' && operator.value !== '<=') {
    throw walk.refusal(`Bad numeric range operator: ${operator.value}`)
  }
  const top = readNumber(walk, walk.next(), operator.value)
  endRange(walk, 'Too many terms in numeric range expression')
  inRange(walk, bottom)
  inRange(walk, top)
  if (bottom >= top) throw walk.refusal('Bottom must be less than top')
  return { bottom, isBottomOpen, top, isTopOpen: operator.value === '<' }
}

function readNumber(walk: TokenWalk, token: Token, operator: string): number {
  if (token.kind !== 'number') throw walk.refusal(`Value of ${operator} must be numeric`)
  return cutNumber(token.value)
}

function endRange(walk: TokenWalk, reason: string): void {
  if (walk.next().kind !== ']') throw walk.refusal(reason)
}

function inRange(walk: TokenWalk, value: number): number {
  if (!isFilterNumber(value)) throw walk.refusal('Value must be between -1.0E9 and 1.0E9, inclusive')
  return value
}

function readAnythingBut(walk: TokenWalk, wildcards: number[]): Operator {
  const token = walk.next()
  if (token.kind === '{') return readAnythingButOperator(walk, wildcards)
  const values = new Set<Scalar>()
  if (token.kind === '[') {
    for (let each = walk.next(); each.kind !== ']'; each = walk.next()) values.add(readExcluded(walk, each))
    const kinds = new Set([...values].map((value) => typeof value))
    if (kinds.size !== 1) {
      throw walk.refusal(
        'Inside anything but list, either all values are number or string, mixed type is not supported',
      )
    }
  } else if (token.kind === 'string' || token.kind === 'number') {
    values.add(readExcluded(walk, token))
  } else {
    throw walk.refusal('Value of anything-but must be an array or single string/number value.')
  }
  endExpression(walk, TOO_MANY)
  return { kind: 'anything-but', values }
}

function readExcluded(walk: TokenWalk, token: Token): Scalar {
  if (token.kind === 'number') return inRange(walk, cutNumber(token.value))
  if (token.kind !== 'string') {
    throw walk.refusal('Inside anything but list, start|null|boolean is not supported.')
  }
  walk.lookInto()
  return token.value
}

/** `{"anything-but": {"operator": pattern or patterns}}`, from behind the inner brace. */
function readAnythingButOperator(walk: TokenWalk, wildcards: number[]): Operator {
  const name = walk.next()
  if (name.kind !== 'name') throw walk.refusal('Anything-But expression name not found')
  const kind = name.value
  if (kind !== 'prefix' && kind !== 'suffix' && kind !== 'wildcard' && kind !== 'equals-ignore-case') {
    throw walk.refusal(`Unsupported anything-but pattern: ${kind}`)
  }
  const read = (token: Token): StringOperator => {
    const operator = readStringOperator(walk, kind, token, wildcards)
    if ('text' in operator && operator.text === '' && kind !== 'equals-ignore-case') {
      throw walk.refusal('Null prefix/suffix not allowed')
    }
    return operator
  }
  const operators: StringOperator[] = []
  const token = walk.next()
  if (token.kind === '[') {
    for (let each = walk.next(); each.kind !== ']'; each = walk.next()) operators.push(read(each))
    if (operators.length === 0) throw walk.refusal('Empty arrays are not allowed')
  } else {
    operators.push(read(token))
  }
  endExpression(walk, ONE_KEY)
  endExpression(walk, ONE_KEY)
  return { kind: 'anything-but-operators', operators }
}
