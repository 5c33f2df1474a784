import { refusePolicy } from './filter-policy-error.ts'
import {
  COMBINATIONS_MAX,
  CONDITIONS_MAX,
  EACH_WILDCARD_POINTS,
  SINGLE_WILDCARD_POINTS,
  WILDCARD_POINTS_MAX,
  WILDCARDS_MAX,
} from './limits.ts'
import type { WrittenCondition } from './read-condition.ts'
import type { PolicyFields, PolicyNode } from './read-policy.ts'

/** Throws `FilterPolicyError` for a policy that has more combinations of values, or of wildcards, than SNS takes. */
export function checkComplexity(fields: PolicyFields): void {
  if (countCombinations(fields, 1) > COMBINATIONS_MAX) throw tooComplex()
  if (countBranches(fields).conditions > CONDITIONS_MAX) throw tooComplex()
  const conditions = conditionsOf(fields)
  if (conditions.some(({ wildcards }) => wildcards.some((count) => count > WILDCARDS_MAX))) {
    throw refusePolicy(`A wildcard pattern can not have more than ${WILDCARDS_MAX} wildcard characters`)
  }
  if (conditions.reduce((sum, { wildcards }) => sum + wildcardPoints(wildcards), 0) > WILDCARD_POINTS_MAX) {
    throw tooComplex()
  }
}

const tooComplex = () => refusePolicy('Filter policy is too complex')

/**
 * The product over all keys of how many values they have, each times the number of levels that it lies below the top, the top
 * being 1; of `$or` the sum over its objects.
 */
function countCombinations(fields: PolicyFields, level: number): number {
  let combinations = 1
  for (const node of fields.values()) combinations *= combinationsOf(node, level)
  return combinations
}

function combinationsOf(node: PolicyNode, level: number): number {
  switch (node.kind) {
    case 'fields':
      return countCombinations(node.fields, level + 1)
    case 'or':
      return node.branches.reduce((sum, branch) => sum + countCombinations(branch, level), 0)
    case 'condition':
      return node.written.alternatives * level
    default:
      return node satisfies never
  }
}

/** The ways through all `$or`s of a policy, and the conditions on all of these ways together. */
interface Branches {
  readonly branches: number
  readonly conditions: number
}

function countBranches(fields: PolicyFields): Branches {
  let branches = 1
  let conditions = 0
  for (const node of fields.values()) {
    const below = branchesOf(node)
    conditions = conditions * below.branches + below.conditions * branches
    branches *= below.branches
  }
  return { branches, conditions }
}

function branchesOf(node: PolicyNode): Branches {
  switch (node.kind) {
    case 'fields':
      return countBranches(node.fields)
    case 'or':
      return node.branches.map(countBranches).reduce((sum, each) => ({
        branches: sum.branches + each.branches,
        conditions: sum.conditions + each.conditions,
      }))
    case 'condition':
      return { branches: 1, conditions: 1 }
    default:
      return node satisfies never
  }
}

function conditionsOf(fields: PolicyFields): readonly WrittenCondition[] {
  return [...fields.values()].flatMap((node) => {
    switch (node.kind) {
      case 'fields':
        return conditionsOf(node.fields)
      case 'or':
        return node.branches.flatMap(conditionsOf)
      case 'condition':
        return [node.written]
      default:
        return node satisfies never
    }
  })
}

function wildcardPoints(wildcards: readonly number[]): number {
  const points = wildcards.map((count) =>
    count > 1 ? count * EACH_WILDCARD_POINTS : count * SINGLE_WILDCARD_POINTS,
  )
  return points.reduce((sum, each) => sum + each, 0) * wildcards.length
}
