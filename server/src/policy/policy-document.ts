import type { ConditionOperator } from './condition-operators.ts'

/** A policy that was read: every element in one form, and nothing in it that isn't understood. */
export interface PolicyDocument {
  /** Policies of 2008 have no variables: there `${aws:username}` is those characters. */
  readonly version: PolicyVersion
  readonly id: string | null
  /** At least one. */
  readonly statements: readonly Statement[]
}

export type PolicyVersion = '2008-10-17' | '2012-10-17'

export interface Statement {
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  /** Null in policies of identities, whose principal is who has them. */
  readonly principals: Principals | null
  /** `service:Action`, or `*`, with wildcards. */
  readonly actions: Listed
  /** ARNs with wildcards and variables, or `*`. Null where the policy is a resource's and means that one. */
  readonly resources: Listed | null
  /** All of them must hold. */
  readonly conditions: readonly Condition[]
}

/** The values of an element, or of its opposite: `NotAction`, `NotResource`. */
export interface Listed {
  readonly negated: boolean
  readonly values: readonly string[]
}

/** `Principal`, or `NotPrincipal`. */
export interface Principals {
  readonly negated: boolean
  /** `"*"`, without saying of which type. */
  readonly everyone: boolean
  readonly aws: readonly string[]
  readonly services: readonly string[]
  readonly federated: readonly string[]
  readonly canonicalUsers: readonly string[]
}

export interface Condition {
  readonly operator: ConditionOperator
  /** In lower case, since keys aren't told apart by case. */
  readonly key: string
  /** Any of them may match; with a negated operator none may. */
  readonly values: readonly string[]
}
