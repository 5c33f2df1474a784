import { isJsonObject, parseJsonObject } from '../../../base/json-object.ts'
import { arnOf } from '../arn.ts'
import type { RoleAsTrusted } from '../commands.ts'
import type { Role } from '../entities.ts'
import type { Directory } from './directory.ts'

/**
 * A role with its trust policy as it now stands. Whom it names is known by their ids: one that has another name by now is named by that, and
 * one that is gone by the id, which nobody else gets.
 */
export function asTrusted(directory: Directory, role: Role): RoleAsTrusted {
  const renamed = new Map<string, string>()
  for (const [arn, id] of Object.entries(role.trustedIds)) {
    const name = nameOf(directory, id)
    if (name !== arn) renamed.set(arn, name)
  }
  return { role, trust: renamed.size === 0 ? role.trust.text : renameIn(role.trust.text, renamed) }
}

function nameOf(directory: Directory, id: string): string {
  const entity = directory.withId(id)?.entity
  return entity?.type === 'user' || entity?.type === 'role' ? arnOf(entity.type, entity) : id
}

function renameIn(text: string, renamed: ReadonlyMap<string, string>): string {
  const policy = parseJsonObject(text) ?? {}
  const statements: readonly unknown[] = Array.isArray(policy.Statement)
    ? policy.Statement
    : [policy.Statement]
  const Statement = statements.map((statement) => {
    if (!isJsonObject(statement) || !isJsonObject(statement.Principal)) return statement
    const { AWS } = statement.Principal
    return { ...statement, Principal: { ...statement.Principal, AWS: renameEach(AWS, renamed) } }
  })
  return JSON.stringify({ ...policy, Statement })
}

function renameEach(names: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(names)) return names.map((name) => renameEach(name, renamed))
  return typeof names === 'string' ? (renamed.get(names) ?? names) : names
}
