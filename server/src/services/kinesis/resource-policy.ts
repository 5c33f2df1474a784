import { type JsonObject, parseJsonObject } from '../../base/json-object.ts'
import { invalidArgument } from './errors.ts'

/** Refuses what is no policy: an object with statements that say whom they allow or deny which actions. */
export function checkResourcePolicy(text: string): void {
  const policy = parseJsonObject(text)
  if (policy === null) throw invalid('it is no JSON object')
  const { Statement } = policy
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement]
  if (Statement === undefined || statements.length === 0) throw invalid('it has no Statement')
  for (const statement of statements) checkStatement(statement)
}

function checkStatement(statement: unknown): void {
  if (!isObject(statement)) throw invalid('a Statement is no object')
  const { Effect, Principal, NotPrincipal, Action, NotAction } = statement
  if (Effect !== 'Allow' && Effect !== 'Deny')
    throw invalid('the Effect of a Statement is neither Allow nor Deny')
  if (Principal === undefined && NotPrincipal === undefined) throw invalid('a Statement has no Principal')
  if (Action === undefined && NotAction === undefined) throw invalid('a Statement has no Action')
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const invalid = (reason: string) => invalidArgument(`The resource policy is invalid: ${reason}.`)
