import { type Condition, meets } from './condition.ts'
import type { FilterMessage } from './filter-message.ts'
import type { Branch, ConditionNode, FilterPolicy } from './filter-policy.ts'
import { NOWHERE, type Place } from './place.ts'

/** Whether a message is delivered to a subscription with this policy. */
export function satisfiesPolicy(policy: FilterPolicy, message: FilterMessage): boolean {
  if (policy.branches.length === 0) return true
  return policy.branches.some((branch) => {
    const place = policy.scope === 'MessageBody' ? message.body(branch.tree) : message.attributes()
    return place !== null && satisfiesBranch(branch, place)
  })
}

/** `top` has at least the places that the branch looks at. */
export function satisfiesBranch(branch: Branch, top: Place): boolean {
  const { condition, children } = branch.tree
  return satisfiesHere(condition, [...children], top, waivedBy(branch, top))
}

/** Conditions that are met because the message has nothing at their places, wherever in its arrays. */
function waivedBy(branch: Branch, top: Place): ReadonlySet<Condition> {
  const waived = branch.conditions.filter(({ path, condition }) => condition.absent && !isTaken(top, path, 0))
  return new Set(waived.map(({ condition }) => condition))
}

function isTaken(place: Place, path: readonly string[], depth: number): boolean {
  if (depth === path.length && (place.isTaken || place.values.size > 0)) return true
  const field = depth < path.length ? place.fields.get(path[depth]!) : undefined
  if (field !== undefined && isTaken(field, path, depth + 1)) return true
  return place.elements.some((element) => isTaken(element, path, depth))
}

/**
 * Whether one element can be chosen of each array so that all conditions are met by what is chosen: `own`, which is about this place,
 * and those in `below`, by the names of its fields. Choices in different arrays don't depend on each other, so that each
 * place is looked at once.
 */
function satisfiesHere(
  own: Condition | null,
  below: readonly (readonly [string, ConditionNode])[],
  place: Place,
  waived: ReadonlySet<Condition>,
): boolean {
  const unmet = own === null || waived.has(own) || meets(own, place.values) ? null : own
  const isMissing = ([name, { condition, children }]: readonly [string, ConditionNode]) =>
    !satisfiesHere(condition, [...children], place.fields.get(name) ?? NOWHERE, waived)
  if (place.elements.length === 0) return unmet === null && !below.some(isMissing)
  const missing = below.filter(isMissing)
  if (unmet === null && missing.length === 0) return true
  return place.elements.some((element) => satisfiesHere(unmet, missing, element, waived))
}
