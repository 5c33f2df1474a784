import { isJsonObject, type JsonObject } from '../base/json-object.ts'
import { parseOperator } from './condition-operators.ts'
import type { Condition, Listed, Principals } from './policy-document.ts'

/** Thrown for what isn't in the grammar: reference_policies_grammar. The readers say it in their own words. */
export class NotInGrammar extends Error {
  override readonly name = 'NotInGrammar'
}

/** The statements of a document, which may be one without a list around it. */
export function readStatements(value: unknown): readonly JsonObject[] {
  const statements: readonly unknown[] = Array.isArray(value) ? value : [value]
  return statements.map((statement) => {
    if (!isJsonObject(statement)) throw new NotInGrammar()
    return statement
  })
}

export function checkNames(element: JsonObject, names: ReadonlySet<string>): void {
  for (const name of Object.keys(element)) if (!names.has(name)) throw new NotInGrammar()
}

export const DOCUMENT_NAMES: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement'])

export const STATEMENT_NAMES: ReadonlySet<string> = new Set([
  ...['Sid', 'Effect', 'Condition'],
  ...['Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource'],
])

/** Null where the element is missing. */
export function readText(value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value !== 'string') throw new NotInGrammar()
  return value
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: one of both, or null where both are missing. */
export function readListed(statement: JsonObject, name: 'Action' | 'Resource'): Listed | null {
  const positive = statement[name]
  const negative = statement[`Not${name}`]
  if (positive !== undefined && negative !== undefined) throw new NotInGrammar()
  if (positive !== undefined) return { negated: false, values: readTexts(positive) }
  return negative === undefined ? null : { negated: true, values: readTexts(negative) }
}

function readTexts(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.map((each) => {
    if (typeof each !== 'string') throw new NotInGrammar()
    return each
  })
}

const PRINCIPAL_TYPES: ReadonlySet<string> = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser'])

/** `Principal` or `NotPrincipal`, whoever it names; null where both are missing. */
export function readPrincipals(statement: JsonObject): Principals | null {
  const { Principal, NotPrincipal } = statement
  if (Principal !== undefined && NotPrincipal !== undefined) throw new NotInGrammar()
  const value = Principal ?? NotPrincipal
  if (value === undefined) return null
  const negated = Principal === undefined
  if (value === '*') {
    return { negated, everyone: true, aws: [], services: [], federated: [], canonicalUsers: [] }
  }
  if (!isJsonObject(value)) throw new NotInGrammar()
  checkNames(value, PRINCIPAL_TYPES)
  const listOf = (type: string) => (value[type] === undefined ? [] : readTexts(value[type]))
  return {
    negated,
    everyone: false,
    aws: listOf('AWS'),
    services: listOf('Service'),
    federated: listOf('Federated'),
    canonicalUsers: listOf('CanonicalUser'),
  }
}

/** `{ operator: { key: values } }`, as a list. An operator with no keys is no condition, and need not exist. */
export function readConditions(value: unknown): readonly Condition[] {
  if (value === undefined) return []
  if (!isJsonObject(value)) throw new NotInGrammar()
  return Object.entries(value).flatMap(([name, keys]) => {
    if (!isJsonObject(keys)) throw new NotInGrammar()
    return Object.entries(keys).map(([key, values]) => {
      const operator = parseOperator(name)
      if (operator === null) throw new NotInGrammar()
      return { operator, key: key.toLowerCase(), values: readConditionValues(values) }
    })
  })
}

/** Texts, numbers and booleans; all are compared as texts. */
function readConditionValues(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.map((each) => {
    if (typeof each !== 'string' && typeof each !== 'number' && typeof each !== 'boolean') {
      throw new NotInGrammar()
    }
    return String(each)
  })
}
