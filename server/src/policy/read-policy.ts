import { Buffer } from 'node:buffer'
import { isJsonObject } from '../base/json-object.ts'
import type { Comparison } from './condition-operators.ts'
import { POLICY_DEPTH_MAX, POLICY_TEXT_CHARACTERS_MAX, QUESTION_MARKS_BEHIND_STARS_MAX } from './limits.ts'
import type { PolicyDocument } from './policy-document.ts'
import { type PolicyFault, PolicyRefused } from './policy-fault.ts'
import { type KindRules, POLICY_KINDS, type PolicyKind } from './policy-kinds.ts'
import { readIdentityPolicy } from './read-identity-policy.ts'
import { readResourcePolicy } from './read-resource-policy.ts'
import { lengthWithoutSpace, parseStrictJson } from './strict-json.ts'

export type ReadPolicy =
  | { readonly kind: 'read'; readonly document: PolicyDocument }
  | { readonly kind: 'refused'; readonly fault: PolicyFault }

/** Reads a policy, strictly: what isn't understood is refused, since a policy that is taken must do what it says. */
export function readPolicy(text: string, kind: PolicyKind): ReadPolicy {
  const rules = POLICY_KINDS[kind]
  try {
    if (text.length > POLICY_TEXT_CHARACTERS_MAX || policySize(text, kind) > rules.sizeMax) {
      throw new PolicyRefused('size', rules.sizeText)
    }
    const document = readText(text, rules)
    checkWildcards(document)
    return { kind: 'read', document }
  } catch (error) {
    if (!(error instanceof PolicyRefused)) throw error
    return { kind: 'refused', fault: error.fault }
  }
}

function readText(text: string, rules: KindRules): PolicyDocument {
  const isOfIdentity = rules.reader === 'identity'
  const document = parseStrictJson(text, POLICY_DEPTH_MAX)
  if (!isJsonObject(document)) {
    throw new PolicyRefused(
      'json',
      isOfIdentity ? 'Syntax errors in policy.' : 'This policy contains invalid Json',
    )
  }
  return isOfIdentity ? readIdentityPolicy(document, rules) : readResourcePolicy(document, rules)
}

function checkWildcards({ statements }: PolicyDocument): void {
  const patterns = statements.flatMap(({ resources, conditions }) => [
    ...(resources?.values ?? []),
    ...conditions
      .filter(({ operator }) => TAKES_WILDCARDS.has(operator.comparison))
      .flatMap(({ values }) => values),
  ])
  const count = patterns
    .map((pattern) => questionMarksBehindStar(pattern))
    .reduce((sum, each) => sum + each, 0)
  if (count <= QUESTION_MARKS_BEHIND_STARS_MAX) return
  throw new PolicyRefused(
    'wildcards',
    `The policy has ${count} question marks behind stars, max allowed is ${QUESTION_MARKS_BEHIND_STARS_MAX}`,
  )
}

function questionMarksBehindStar(pattern: string): number {
  const star = pattern.indexOf('*')
  return star === -1 ? 0 : pattern.slice(star).split('?').length - 1
}

const TAKES_WILDCARDS: ReadonlySet<Comparison> = new Set(['StringLike', 'ArnLike'])

/** A policy's size in the unit of its kind: IAM doesn't count the white space between elements. */
export function policySize(text: string, kind: PolicyKind): number {
  switch (POLICY_KINDS[kind].sizeUnit) {
    case 'bytes':
      return Buffer.byteLength(text)
    case 'characters':
      return text.length
    case 'characters without white space':
      return lengthWithoutSpace(text)
    default:
      return POLICY_KINDS[kind].sizeUnit satisfies never
  }
}
