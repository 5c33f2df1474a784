import { Buffer } from 'node:buffer'
import ipaddr from 'ipaddr.js'
import { completeArnPattern, splitArn, splitArnPattern } from './arn-pattern.ts'
import type { Comparison } from './condition-operators.ts'
import { parseDateValue } from './date-value.ts'
import { SEARCHED_CHARACTERS_MAX } from './limits.ts'
import { matchesPattern } from './pattern.ts'
import type { Condition, PolicyVersion, Statement } from './policy-document.ts'
import { type Reading, readPolicyText } from './policy-text.ts'
import type { RequestContext } from './request-context.ts'

/**
 * Whether a value of the request matches one of the policy; null where that can't be said, since the policy's value has a variable that the
 * request has no value for, or is none of the operator's kind. Such a value matches nothing, and what follows from that for the opposite of
 * matching must not let anyone in: see `isNoMatch`.
 */
export type Match = boolean | null
type Compare = (value: string, context: RequestContext) => Match

export type ConditionTest = (context: RequestContext) => boolean

/**
 * The test of one condition. A key that isn't in the request satisfies `IfExists`, `ForAllValues` and, without `ForAnyValue`, negated operators, and nothing
 * else. Several values in the request without `ForAllValues` or `ForAnyValue`: any may match; for a negated operator, none.
 */
export function compileCondition(
  { operator, key, values }: Condition,
  version: PolicyVersion,
  effect: Statement['effect'],
): ConditionTest {
  const { comparison, negated, set, ifExists } = operator
  if (comparison === 'Null') {
    const absences = new Set(values.map((value) => value.toLowerCase()))
    return (context) => absences.has(String((context.get(key)?.length ?? 0) === 0))
  }
  const compareAny = anyOf(values.map((value) => compare(comparison, value, version)))
  const takesWildcards = comparison === 'StringLike' || comparison === 'ArnLike'
  const holds = (value: string, context: RequestContext) => {
    // What is too long to be searched doesn't let anyone in, whether it would match or not.
    if (takesWildcards && value.length > SEARCHED_CHARACTERS_MAX) return effect === 'Deny'
    const match = compareAny(value, context)
    return negated ? isNoMatch(match, effect) : match === true
  }
  const withoutKey = ifExists || set === 'all' || (negated && set === null)
  const every = set === 'all' || (set === null && negated)
  return (context) => {
    const found = context.get(key)
    if (found === undefined || found.length === 0) return withoutKey
    if (found.length === 1 && set === null) return holds(found[0]!, context)
    // To the set operators, empty strings are an empty set.
    if (set !== null && found.every((value) => value === '')) return set === 'all'
    return every
      ? found.every((value) => holds(value, context))
      : found.some((value) => holds(value, context))
  }
}

/** Where it can't be said whether something matches, an `Allow` doesn't apply and a `Deny` does. */
export function isNoMatch(match: Match, effect: Statement['effect']): boolean {
  return match === null ? effect === 'Deny' : !match
}

/** True when one of them says so; null when none does, and of one it can't be said. */
export function anyOf(compares: readonly Compare[]): Compare {
  const [only] = compares
  if (compares.length === 1 && only !== undefined) return only
  return (value, context) => {
    let result: Match = false
    for (const compare of compares) {
      const match = compare(value, context)
      if (match) return true
      if (match === null) result = null
    }
    return result
  }
}

function compare(comparison: Exclude<Comparison, 'Null'>, text: string, version: PolicyVersion): Compare {
  const variables = version === '2012-10-17'
  switch (comparison) {
    case 'StringEquals':
      return compareText(text, { wildcards: false, variables })
    case 'StringLike':
      return compareText(text, { wildcards: true, variables })
    case 'StringEqualsIgnoreCase':
    case 'Bool': {
      const compareFolded = compareText(text, { wildcards: false, variables, ignoresCase: true })
      return (value, context) => compareFolded(value.toLowerCase(), context)
    }
    case 'ArnLike':
      return compareArn(text, { wildcards: true, variables })
    case 'BinaryEquals':
      return compareBinary(text)
    case 'IpAddress':
      return compareAddress(text)
    case 'NumericEquals':
    case 'NumericLessThan':
    case 'NumericLessThanEquals':
    case 'NumericGreaterThan':
    case 'NumericGreaterThanEquals':
      return compareOrder(text, parseNumber, ORDERS[comparison])
    case 'DateEquals':
    case 'DateLessThan':
    case 'DateLessThanEquals':
    case 'DateGreaterThan':
    case 'DateGreaterThanEquals':
      return compareOrder(text, parseDateValue, ORDERS[comparison])
    default:
      return comparison satisfies never
  }
}

/** Compares with a policy's text, once its variables are known. */
export function compareText(text: string, reading: Reading): Compare {
  return readPolicyText(text, reading).matches
}

/** Each of an ARN's six parts is compared for itself: a wildcard doesn't reach over the colons between them. */
function compareArn(text: string, reading: Reading): Compare {
  if (text === '*') return () => true
  const policyText = readPolicyText(completeArnPattern(text), reading)
  const constant = policyText.constant === null ? null : splitArnPattern(policyText.constant)
  return (value, context) => {
    const pattern = policyText.resolve(context)
    const parts = constant ?? (pattern === null ? null : splitArnPattern(pattern))
    if (parts === null) return null
    const found = splitArn(value)
    return found?.every((part, i) => matchesPattern(parts[i]!, part)) ?? false
  }
}

function compareBinary(text: string): Compare {
  const wanted = decodeBase64(text)
  if (wanted === null) return () => null
  return (value) => decodeBase64(value)?.equals(wanted) ?? false
}

function decodeBase64(text: string): Buffer | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null
}

/** An address without a prefix's length is that address alone. */
function compareAddress(text: string): Compare {
  const range = parseRange(text)
  if (range === null) return () => null
  return (value) => {
    const address = parseAddress(value)
    return address !== null && address.kind() === range[0].kind() && address.match(range)
  }
}

function parseRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  const [network = '', length, ...rest] = text.split('/')
  const address = parseAddress(network)
  if (address === null || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null
  const bits = address.kind() === 'ipv4' ? 32 : 128
  // Of IPv4 that is written as IPv6, the first 96 bits say just that.
  const before = (network.includes(':') ? 128 : 32) - bits
  const prefix = length === undefined ? bits : Number(length) - before
  return prefix < 0 || prefix > bits ? null : [address, prefix]
}

/** The library reads older spellings too, such as 127.1. What is of IPv4 but comes as IPv6, as from a socket for both, is of IPv4. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const isAddress = text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text)
  return isAddress ? ipaddr.process(text) : null
}

type Order = (value: number, wanted: number) => boolean

const equals: Order = (value, wanted) => value === wanted
const less: Order = (value, wanted) => value < wanted
const lessOrEqual: Order = (value, wanted) => value <= wanted
const greater: Order = (value, wanted) => value > wanted
const greaterOrEqual: Order = (value, wanted) => value >= wanted

const ORDERS = {
  NumericEquals: equals,
  NumericLessThan: less,
  NumericLessThanEquals: lessOrEqual,
  NumericGreaterThan: greater,
  NumericGreaterThanEquals: greaterOrEqual,
  DateEquals: equals,
  DateLessThan: less,
  DateLessThanEquals: lessOrEqual,
  DateGreaterThan: greater,
  DateGreaterThanEquals: greaterOrEqual,
} as const satisfies Partial<Record<Comparison, Order>>

function compareOrder(text: string, parse: (text: string) => number | null, order: Order): Compare {
  const wanted = parse(text)
  if (wanted === null) return () => null
  return (value) => {
    const number = parse(value)
    return number !== null && order(number, wanted)
  }
}

function parseNumber(text: string): number | null {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : null
}
