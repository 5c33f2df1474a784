/** What AddPermission grants, of any service: one statement of a resource's policy. */
export interface Permission {
  /** The statement's `Sid`, by which RemovePermission finds it. */
  readonly label: string
  /** Twelve digits each. */
  readonly accountIds: readonly string[]
  /** Names of operations, or `*`. */
  readonly actions: readonly string[]
}

interface PolicyDocument {
  readonly Statement?: unknown
  readonly [member: string]: unknown
}

/** A policy that was checked for its shape, or `initial` where there is none yet. */
export class Policy {
  readonly #document: PolicyDocument

  constructor(policy: string, initial: object = {}) {
    this.#document = policy === '' ? initial : JSON.parse(policy)
  }

  /** A policy may have one statement without a list around it. */
  get statements(): readonly unknown[] {
    const { Statement } = this.#document
    if (Statement === undefined) return []
    return Array.isArray(Statement) ? Statement : [Statement]
  }

  has(label: string): boolean {
    return this.statements.some((statement) => hasLabel(statement, label))
  }

  /** With one more statement, in the form that AWS writes. `service` is its name in actions, such as `SQS`. */
  granting({ label, accountIds, actions }: Permission, service: string, resource: string): string {
    const granted = {
      Sid: label,
      Effect: 'Allow',
      Principal: { AWS: oneOrMany(accountIds.map((id) => `arn:aws:iam::${id}:root`)) },
      Action: oneOrMany(actions.map((action) => `${service}:${action}`)),
      Resource: resource,
    }
    return JSON.stringify({ ...this.#document, Statement: [...this.statements, granted] })
  }

  /** Without the statements of that label: empty when none is left. */
  without(label: string): string {
    const kept = this.statements.filter((statement) => !hasLabel(statement, label))
    return kept.length === 0 ? '' : JSON.stringify({ ...this.#document, Statement: kept })
  }
}

function hasLabel(statement: unknown, label: string): boolean {
  return typeof statement === 'object' && statement !== null && 'Sid' in statement && statement.Sid === label
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values
}
