import { Buffer } from 'node:buffer'
import type { Condition } from './condition.ts'
import { FilterPolicyError, refusePolicy } from './filter-policy-error.ts'
import type { FilterScope } from './filter-scope.ts'
import { NESTING_MAX, POLICY_BYTES_MAX } from './limits.ts'
import { checkComplexity } from './policy-complexity.ts'
import { type PolicyFields, type PolicyNode, readPolicy } from './read-policy.ts'

/** A filter policy, checked and ready to be evaluated. Shares nothing that changes. */
export interface FilterPolicy {
  readonly scope: FilterScope
  /** A message that satisfies one of them is delivered. Without any the policy is the empty one, which lets everything pass. */
  readonly branches: readonly Branch[]
}

/** One way through all the alternatives of `$or`: conditions that are all to be met. */
export interface Branch {
  readonly conditions: readonly PathCondition[]
  /** The same conditions by their paths. */
  readonly tree: ConditionNode
}

export interface PathCondition {
  /** Names of fields from the top of a body; of an attribute only its own name. */
  readonly path: readonly string[]
  readonly condition: Condition
}

export interface ConditionNode {
  readonly condition: Condition | null
  readonly children: ReadonlyMap<string, ConditionNode>
}

/**
 * Checks the value of the attribute `FilterPolicy` against all that SNS asks of it and compiles it. Throws `FilterPolicyError`,
 * in AWS's words. An empty text is no policy; it is for the caller to take it as none.
 */
export function parseFilterPolicy(text: string, scope: FilterScope): FilterPolicy {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) {
    throw refusePolicy(`Filter policy can not be larger than ${POLICY_BYTES_MAX} bytes`)
  }
  const fields = readPolicy(text)
  if (scope === 'MessageAttributes' && isNested(fields)) {
    throw new FilterPolicyError('Filter policy scope MessageAttributes does not support nested filter policy')
  }
  checkComplexity(fields)
  if (fields.size === 0) return { scope, branches: [] }
  const branches = expandFields(fields, []).map((conditions) => toBranch(conditions, scope))
  return { scope, branches }
}

function isNested(fields: PolicyFields): boolean {
  return [...fields.values()].some(
    (node) => node.kind === 'fields' || (node.kind === 'or' && node.branches.some(isNested)),
  )
}

interface NamedCondition {
  readonly names: readonly string[]
  readonly condition: Condition
}

/** All ways through a policy's alternatives, as lists of conditions. */
function expandFields(
  fields: PolicyFields,
  above: readonly string[],
): readonly (readonly NamedCondition[])[] {
  let ways: readonly (readonly NamedCondition[])[] = [[]]
  for (const [name, node] of fields) {
    const below = expandNode(node, name, above)
    ways = ways.flatMap((way) => below.map((more) => [...way, ...more]))
  }
  return ways
}

function expandNode(
  node: PolicyNode,
  name: string,
  above: readonly string[],
): readonly (readonly NamedCondition[])[] {
  switch (node.kind) {
    case 'fields':
      return expandFields(node.fields, [...above, name])
    case 'or':
      return node.branches.flatMap((branch) => expandFields(branch, above))
    case 'condition':
      return [[{ names: [...above, name], condition: node.written.condition }]]
    default:
      return node satisfies never
  }
}

function toBranch(named: readonly NamedCondition[], scope: FilterScope): Branch {
  // A body's field is known by its names joined with points, so that a point in a name and a level are the same. Of two conditions
  // for the same field the later one counts.
  const byPath = new Map<string, PathCondition>()
  for (const { names, condition } of named) {
    const joined = names.join('.')
    const path = scope === 'MessageBody' ? joined.split('.') : [joined]
    if (path.length > NESTING_MAX) throw refusePolicy('Filter policy is too complex')
    byPath.set(joined, { path, condition })
  }
  const conditions = [...byPath.values()]
  return { conditions, tree: toTree(conditions) }
}

interface GrowingNode extends ConditionNode {
  condition: Condition | null
  readonly children: Map<string, GrowingNode>
}

function toTree(conditions: readonly PathCondition[]): ConditionNode {
  const root: GrowingNode = { condition: null, children: new Map() }
  for (const { path, condition } of conditions) {
    let node = root
    for (const name of path) {
      let child = node.children.get(name)
      if (child === undefined) {
        child = { condition: null, children: new Map() }
        node.children.set(name, child)
      }
      node = child
    }
    node.condition = condition
  }
  return root
}
