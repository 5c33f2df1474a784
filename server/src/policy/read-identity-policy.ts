import type { JsonObject } from '../base/json-object.ts'
import { findResourceFault, isReadByLegacyParser } from './check-resource-arn.ts'
import { parseDateValue } from './date-value.ts'
import type { Condition, Listed, PolicyDocument, PolicyVersion, Principals } from './policy-document.ts'
import { PolicyRefused } from './policy-fault.ts'
import type { KindRules } from './policy-kinds.ts'
import {
  checkNames,
  DOCUMENT_NAMES,
  NotInGrammar,
  readConditions,
  readListed,
  readPrincipals,
  readStatements,
  readText,
  STATEMENT_NAMES,
} from './read-elements.ts'

/**
 * Reads the policy of an identity, or of its session. IAM looks at the whole document for one kind of fault after the other, so that of
 * several the kind decides which is told, not the place.
 */
export function readIdentityPolicy(document: JsonObject, rules: KindRules): PolicyDocument {
  const draft = readDraft(document)
  const { statements } = draft
  const version = checkVersion(draft.version, rules)
  checkByLegacyParser(statements)
  checkSids(statements)
  if (!statements.every(({ actions }) => hasValues(actions))) {
    throw new PolicyRefused('action', 'Policy statement must contain actions.')
  }
  if (!statements.every(({ resources }) => hasValues(resources))) {
    throw new PolicyRefused('resource', 'Policy statement must contain resources.')
  }
  const resourceFault = findResourceFaultIn(statements)
  if (resourceFault !== null) throw new PolicyRefused('resource', resourceFault)
  for (const { actions } of statements) actions?.values.forEach(checkAction)
  if (statements.some(({ principals }) => principals !== null)) {
    throw new PolicyRefused('principal', 'Policy document should not specify a principal.')
  }
  return {
    version,
    id: draft.id,
    statements: statements.map(({ sid, effect, actions, resources, conditions }) => ({
      sid,
      effect: effect === 'Deny' ? 'Deny' : 'Allow',
      principals: null,
      actions: actions ?? { negated: false, values: [] },
      resources,
      conditions,
    })),
  }
}

interface Draft {
  readonly version: string | null
  readonly id: string | null
  readonly statements: readonly DraftStatement[]
}

interface DraftStatement {
  readonly sid: string | null
  /** In any case. */
  readonly effect: string
  readonly principals: Principals | null
  readonly actions: Listed | null
  readonly resources: Listed | null
  readonly conditions: readonly Condition[]
}

function readDraft(document: JsonObject): Draft {
  try {
    checkNames(document, DOCUMENT_NAMES)
    const version = readText(document.Version)
    if (version !== null && version !== '2008-10-17' && version !== '2012-10-17') throw new NotInGrammar()
    const statements = readStatements(document.Statement).map(readStatement)
    if (statements.length === 0) throw new NotInGrammar()
    return { version, id: readText(document.Id), statements }
  } catch (error) {
    if (!(error instanceof NotInGrammar)) throw error
    throw new PolicyRefused('syntax', 'Syntax errors in policy.')
  }
}

function readStatement(statement: JsonObject): DraftStatement {
  checkNames(statement, STATEMENT_NAMES)
  const effect = readText(statement.Effect)
  if (effect === null || !/^(?:allow|deny)$/i.test(effect)) throw new NotInGrammar()
  return {
    sid: readText(statement.Sid),
    effect,
    principals: readPrincipals(statement),
    actions: readListed(statement, 'Action'),
    resources: readListed(statement, 'Resource'),
    conditions: readConditions(statement.Condition),
  }
}

function checkVersion(version: string | null, { takesVersionOf2008 }: KindRules): PolicyVersion {
  if (version === '2012-10-17') return version
  if (takesVersionOf2008) return '2008-10-17'
  throw new PolicyRefused('version', 'Policy document must be version 2012-10-17 or greater.')
}

/** An older parser looks at every policy too, and is stricter in a few things. */
function checkByLegacyParser(statements: readonly DraftStatement[]): void {
  const isRead =
    statements.every(({ effect }) => effect === 'Allow' || effect === 'Deny') &&
    statements.every(({ conditions }) => conditions.every(hasDates)) &&
    (findResourceFaultIn(statements) !== null || resourcesOf(statements).every(isReadByLegacyParser))
  if (!isRead) throw new PolicyRefused('syntax', 'The policy failed legacy parsing')
}

function hasDates({ operator, values }: Condition): boolean {
  return !operator.comparison.startsWith('Date') || values.every((value) => parseDateValue(value) !== null)
}

function checkSids(statements: readonly DraftStatement[]): void {
  const sids = statements.flatMap(({ sid }) => (sid === null || sid === '' ? [] : [sid]))
  if (new Set(sids).size < sids.length) {
    throw new PolicyRefused('sid', 'Statement IDs (SID) in a single policy must be unique.')
  }
  if (!sids.every((sid) => /^[0-9A-Za-z]*$/.test(sid))) {
    throw new PolicyRefused(
      'sid',
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    )
  }
}

function hasValues(listed: Listed | null): boolean {
  return listed !== null && listed.values.length > 0
}

/** Of several in one list IAM tells the one that is first in the alphabet, and of several statements the last. */
function findResourceFaultIn(statements: readonly DraftStatement[]): string | null {
  return (
    statements
      .map(({ resources }) => firstOf([...(resources?.values ?? [])].sort().map(findResourceFault)))
      .findLast((fault) => fault !== null) ?? null
  )
}

function firstOf<Value>(values: readonly (Value | null)[]): Value | null {
  return values.find((value) => value !== null) ?? null
}

function resourcesOf(statements: readonly DraftStatement[]): readonly string[] {
  return statements.flatMap(({ resources }) => resources?.values ?? [])
}

/** `*`, or a service without wildcards and, behind one colon, an action. Which actions there are isn't asked, as at AWS. */
function checkAction(action: string): void {
  if (action === '*') return
  const [vendor = '', name, ...rest] = action.split(':')
  if (name === undefined) {
    throw new PolicyRefused(
      'action',
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    )
  }
  if (rest.length > 0) throw new PolicyRefused('action', 'Actions/Condition can contain only one colon.')
  if (vendor !== '*' && !/^[a-z0-9.-]*$/i.test(vendor)) {
    throw new PolicyRefused('action', `Vendor ${vendor} is not valid`)
  }
}
