import type { JsonObject } from '../base/json-object.ts'
import type { Listed, PolicyDocument, PolicyVersion, Principals, Statement } from './policy-document.ts'
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
 * Reads the policy of a resource, which says whom it's about: those of services, and the trust policies of roles, which name no resource and no
 * actions but those of STS. Its faults are told statement by statement.
 */
export function readResourcePolicy(document: JsonObject, rules: KindRules): PolicyDocument {
  try {
    checkNames(document, DOCUMENT_NAMES)
    const version = readVersion(document.Version)
    const statements = document.Statement === undefined ? [] : readStatements(document.Statement)
    if (statements.length === 0) {
      throw new PolicyRefused('syntax', 'Could not parse the policy: Statement is empty!')
    }
    if (rules.statementsMax !== null && statements.length > rules.statementsMax) {
      throw new PolicyRefused(
        'statements',
        `${statements.length} statements were found in the submitted policy, max allowed is ${rules.statementsMax}`,
      )
    }
    const read = statements.map((statement) => readStatement(statement, rules))
    const sids = read.flatMap(({ sid }) => (sid === null || sid === '' ? [] : [sid]))
    if (new Set(sids).size < sids.length) {
      throw new PolicyRefused('sid', 'The Statement Ids in the policy are not unique')
    }
    return { version, id: readText(document.Id), statements: read }
  } catch (error) {
    if (!(error instanceof NotInGrammar)) throw error
    throw new PolicyRefused('syntax', 'Syntax error in policy.')
  }
}

function readVersion(value: unknown): PolicyVersion {
  if (value === undefined) return '2008-10-17'
  if (value === '2008-10-17' || value === '2012-10-17') return value
  throw new PolicyRefused('version', 'The policy must contain a valid version string')
}

function readStatement(statement: JsonObject, rules: KindRules): Statement {
  checkNames(statement, STATEMENT_NAMES)
  const { service } = rules
  const isTrust = service === 'sts'
  const sid = readText(statement.Sid)
  const effect = readEffect(statement.Effect)
  if (isTrust) checkPrincipalsOfTrust(statement, effect)
  const principals = readPrincipals(statement)
  if (principals === null) throw new PolicyRefused('principal', 'Missing required field Principal')
  checkPrincipals(principals)
  const conditions = readConditions(statement.Condition)
  const actions = readListed(statement, 'Action')
  if (actions === null || actions.values.length === 0) {
    throw new PolicyRefused('action', 'Missing required field Action')
  }
  if (service !== null) checkActions(actions, service)
  const resources = readListed(statement, 'Resource')
  if (isTrust && resources !== null) {
    throw new PolicyRefused(
      'resource',
      resources.negated ? 'AssumeRole policy must not contain resources.' : 'Has prohibited field Resource',
    )
  }
  if (resources?.values.length === 0) throw new NotInGrammar()
  return { sid, effect, principals, actions, resources, conditions }
}

function readEffect(value: unknown): Statement['effect'] {
  const effect = readText(value)
  if (effect === null) throw new PolicyRefused('syntax', 'Missing required field Effect')
  if (effect === 'Allow' || effect === 'Deny') return effect
  throw new PolicyRefused('syntax', `Invalid effect: ${effect}`)
}

function checkPrincipalsOfTrust(statement: JsonObject, effect: Statement['effect']): void {
  if (statement.NotPrincipal !== undefined) {
    throw new PolicyRefused(
      'principal',
      effect === 'Allow'
        ? 'Allow with NotPrincipal is not allowed.'
        : 'AssumeRole policy must not contain NotPrincipal field.',
    )
  }
  if (typeof statement.Principal === 'string') {
    throw new PolicyRefused('principal', 'Principal must be a JSON object.')
  }
}

/** An account, its root, a user, a role, a session of either, or the unique id that is left of a user or role which is gone. */
const AWS_PRINCIPAL =
  /^(?:\*|\d{12}|A[A-Z0-9]{15,127}|arn:[^:*?]+:(?:iam::\d{12}:(?:root|(?:user|role)\/[^*?]+)|sts::\d{12}:(?:assumed-role\/[^/*?]+\/[^/*?]+|federated-user\/[^*?]+)))$/
const SERVICE_PRINCIPAL = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/

/** Whether whoever is named is there isn't known here. */
function checkPrincipals({ everyone, aws, services, federated, canonicalUsers }: Principals): void {
  const refuse = (type: string) => (name: string) => {
    throw new PolicyRefused('principal', `Invalid principal in policy: "${type}":"${name}"`)
  }
  aws.filter((name) => !AWS_PRINCIPAL.test(name)).forEach(refuse('AWS'))
  services.filter((name) => !SERVICE_PRINCIPAL.test(name)).forEach(refuse('SERVICE'))
  federated.filter((name) => name === '' || /[*?]/.test(name)).forEach(refuse('FEDERATED'))
  canonicalUsers.filter((name) => !/^[0-9a-f]{64}$/.test(name)).forEach(refuse('CANONICALUSER'))
  if (!everyone && aws.length + services.length + federated.length + canonicalUsers.length === 0) {
    throw new PolicyRefused('principal', 'Missing required field Principal cannot be empty!')
  }
}

function checkActions({ values }: Listed, service: string): void {
  const isOfService = (action: string) =>
    action.toLowerCase().startsWith(`${service}:`) || (action === '*' && service !== 'sts')
  if (values.every(isOfService)) return
  throw service === 'sts'
    ? new PolicyRefused('service', 'AssumeRole policy may only specify STS AssumeRole actions.')
    : new PolicyRefused('service', 'Policy statement action out of service scope!')
}
