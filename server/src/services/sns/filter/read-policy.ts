import { refusePolicy } from './filter-policy-error.ts'
import { POLICY_KEYS_MAX } from './limits.ts'
import { TokenWalk, tokenize } from './policy-tokens.ts'
import { readCondition, type WrittenCondition } from './read-condition.ts'

/** A policy as it was written, its rules checked one by one. */
export type PolicyNode =
  | { readonly kind: 'fields'; readonly fields: PolicyFields }
  | { readonly kind: 'or'; readonly branches: readonly PolicyFields[] }
  | { readonly kind: 'condition'; readonly written: WrittenCondition }

/** All of them are to be met. */
export type PolicyFields = ReadonlyMap<string, PolicyNode>

const OR = '$or'

/** Reads a policy's JSON; of a key that is there twice, the later one counts. Throws `FilterPolicyError`. */
export function readPolicy(text: string): PolicyFields {
  const tokens = tokenize(text)
  const walk = new TokenWalk(text, tokens)
  if (walk.next().kind !== '{') throw walk.refusal('Filter is not an object')
  // AWS lets a policy be taken off again by setting an empty one.
  if (tokens[1]!.kind === '}') return new Map()
  checkKeys(walk)
  return readFields(walk)
}

/** Only keys at the top count. */
function checkKeys(walk: TokenWalk): void {
  const start = walk.mark()
  const keys = new Set<string>()
  let depth = 1
  while (depth > 0) {
    const token = walk.next()
    depth += depthOf(token.kind)
    if (token.kind === 'name' && depth === 1) keys.add(token.value)
  }
  if (keys.size > POLICY_KEYS_MAX) {
    throw refusePolicy(`Filter policy can not have more than ${POLICY_KEYS_MAX} keys`)
  }
  walk.returnTo(start)
}

/** From behind an opening brace to the one that closes it. */
function readFields(walk: TokenWalk): PolicyFields {
  const fields = new Map<string, PolicyNode>()
  for (let name = walk.next(); name.kind === 'name'; name = walk.next()) {
    fields.set(name.value, readNode(walk, name.value))
  }
  if (fields.size === 0) throw walk.refusal('Empty objects are not allowed')
  return fields
}

function readNode(walk: TokenWalk, name: string): PolicyNode {
  switch (walk.next().kind) {
    case '{':
      return { kind: 'fields', fields: readFields(walk) }
    case '[':
      if (name === OR && opensAlternatives(walk)) return { kind: 'or', branches: readBranches(walk) }
      return { kind: 'condition', written: readCondition(walk) }
    default:
      throw walk.refusal(`"${name}" must be an object or an array`)
  }
}

function readBranches(walk: TokenWalk): readonly PolicyFields[] {
  const branches: PolicyFields[] = []
  while (walk.next().kind === '{') branches.push(readFields(walk))
  return branches
}

/**
 * Whether what stands behind `"$or": [` makes it an operator: two objects or more and nothing else, of whose fields none
 * has a name that a policy could mean something else by. Otherwise `$or` is a key like any other. Leaves the walk where it is.
 * https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html#or-operator
 */
function opensAlternatives(walk: TokenWalk): boolean {
  const start = walk.mark()
  let branches = 0
  let depth = 1
  // Inside of the arrays in these objects stand conditions, whose names are operators.
  let arrays = 0
  let found = true
  while (depth > 0 && found) {
    const token = walk.next()
    if (depth === 1 && token.kind === '{') branches++
    else if (depth === 1 && token.kind !== ']') found = false
    if (arrays === 0 && token.kind === 'name' && RESERVED_NAMES.has(token.value)) found = false
    depth += depthOf(token.kind)
    if (depth > 0 && (token.kind === '[' || token.kind === ']')) arrays += depthOf(token.kind)
  }
  walk.returnTo(start)
  return found && branches >= 2
}

function depthOf(kind: string): number {
  if (kind === '{' || kind === '[') return 1
  return kind === '}' || kind === ']' ? -1 : 0
}

/** Names that the compiler behind AWS's policies keeps for operators of today and tomorrow. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...[
    'exactly',
    'equals-ignore-case',
    'prefix',
    'suffix',
    'anything-but',
    'exists',
    'wildcard',
    'numeric',
    'cidr',
  ],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
])
