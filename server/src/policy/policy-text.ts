import {
  concatPatterns,
  literalPattern,
  matcherOf,
  matchesPattern,
  type Pattern,
  wildcardPattern,
} from './pattern.ts'
import type { RequestContext } from './request-context.ts'

/** What is done with a text of a policy before it's compared. */
export interface Reading {
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean
  /** Whether `${...}` stands for what the request says. */
  readonly variables: boolean
  /** Whether letters are compared without regard to case; what is compared with it has to be in lower case. */
  readonly ignoresCase?: boolean
}

/** A text of a policy, as a pattern, which may depend on the request. */
export interface PolicyText {
  /** The pattern where it is the same for all requests, else null. */
  readonly constant: Pattern | null
  /** The pattern for a request; null where it has a variable that the request has no value for. */
  resolve(context: RequestContext): Pattern | null
  /** Whether a text matches; null where that can't be said, for want of a variable's value. */
  matches(text: string, context: RequestContext): boolean | null
}

interface Variable {
  /** In lower case. */
  readonly key: string
  readonly otherwise: string | null
}

/** `${*}`, `${?}` and `${$}` are those characters; `${aws:username}` and `${aws:username, 'nobody'}` are variables. */
const VARIABLE = /\$\{(?:(?<character>[*?$])|(?<key>[^{}',]+)(?:,\s*'(?<otherwise>[^']*)')?)\}/g

export function readPolicyText(text: string, reading: Reading): PolicyText {
  const folded = (part: string) => (reading.ignoresCase ? part.toLowerCase() : part)
  const patternOf = reading.wildcards ? wildcardPattern : literalPattern
  const parts: (Pattern | Variable)[] = []
  let end = 0
  for (const match of reading.variables ? text.matchAll(VARIABLE) : []) {
    const { character, key, otherwise } = match.groups ?? {}
    parts.push(patternOf(folded(text.slice(end, match.index))))
    if (character !== undefined) parts.push(literalPattern(character))
    else if (key !== undefined) {
      parts.push({ key: key.trim().toLowerCase(), otherwise: otherwise ?? null })
    }
    end = match.index + match[0].length
  }
  parts.push(patternOf(folded(text.slice(end))))
  const constants = parts.filter(isConstant)
  return constants.length === parts.length
    ? constantText(concatPatterns(constants))
    : variableText(parts, folded)
}

function constantText(constant: Pattern): PolicyText {
  return { constant, resolve: () => constant, matches: matcherOf(constant) }
}

function variableText(parts: readonly (Pattern | Variable)[], folded: (text: string) => string): PolicyText {
  const resolve = (context: RequestContext) => {
    const patterns: Pattern[] = []
    for (const part of parts) {
      const value = isConstant(part) ? part : substituteOf(part, context)
      if (value === null) return null
      patterns.push(typeof value === 'string' ? literalPattern(folded(value)) : value)
    }
    return concatPatterns(patterns)
  }
  const variables = parts.filter((part): part is Variable => !isConstant(part))
  // Most texts that don't match differ before the first variable or behind the last one, and need not be put together to see it.
  const [first = ''] = parts.filter(isConstant).at(0)?.at(0) ?? []
  const last = parts.filter(isConstant).at(-1)?.at(-1)?.at(-1) ?? ''
  const matches = (text: string, context: RequestContext) => {
    if (!text.endsWith(last) || !text.startsWith(first)) {
      for (const variable of variables) if (substituteOf(variable, context) === null) return null
      return false
    }
    const pattern = resolve(context)
    return pattern === null ? null : matchesPattern(pattern, text)
  }
  return { constant: null, resolve, matches }
}

function isConstant(part: Pattern | Variable): part is Pattern {
  return Array.isArray(part)
}

/** Only keys with one value can be variables. */
function substituteOf({ key, otherwise }: Variable, context: RequestContext): string | null {
  const values = context.get(key)
  if (values === undefined || values.length === 0) return otherwise
  return values.length === 1 ? (values[0] ?? null) : null
}
