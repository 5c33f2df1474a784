import ipaddr from 'ipaddr.js'
import type { Principal } from '../../src/policy/principal.ts'

/**
 * Decides a request by reading the policies as they are written, from AWS's documentation sentence by sentence, with no thought of speed.
 * It shares nothing with the evaluator but the principal's shape, so that where both agree neither is wrong by the other's mistake.
 */
export interface WrittenPolicy {
  readonly Version?: string
  readonly Statement: readonly WrittenStatement[]
}

export interface WrittenStatement {
  readonly Effect: string
  readonly Principal?: unknown
  readonly NotPrincipal?: unknown
  readonly Action?: unknown
  readonly NotAction?: unknown
  readonly Resource?: unknown
  readonly NotResource?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
}

export interface WrittenRequest {
  readonly action: string
  readonly arn: string
  readonly principal: Principal
  readonly identity: readonly WrittenPolicy[]
  readonly boundary: WrittenPolicy | null
  readonly session: readonly WrittenPolicy[] | null
  readonly resource: WrittenPolicy | null
  readonly resourceAccount: string
  readonly kind: 'ordinary' | 'key' | 'role'
  readonly keys: readonly (readonly [key: string, values: readonly string[]])[]
}

export function isAllowed(request: WrittenRequest): boolean {
  const { principal, identity, boundary, session, resource } = request
  const all = [
    ...identity,
    ...(boundary ? [boundary] : []),
    ...(session ?? []),
    ...(resource ? [resource] : []),
  ]
  // "An explicit deny in any policy overrides any allows."
  if (all.some((policy) => applying(policy, 'Deny', request).length > 0)) return false

  const allows = (policies: readonly WrittenPolicy[]) =>
    policies.some((policy) => applying(policy, 'Allow', request).length > 0)
  const granting = resource === null ? [] : applying(resource, 'Allow', request)
  if (
    principal.kind === 'service' ||
    principal.kind === 'federated identity' ||
    principal.kind === 'anonymous'
  ) {
    return granting.length > 0
  }
  const isSessionOfRoot = principal.kind === 'federated user' && principal.user === null
  const hasIdentityAllow = allows(identity) || principal.kind === 'root' || isSessionOfRoot
  const isWithinBoundary = boundary === null || allows([boundary])
  const isWithinSession = session === null ? principal.kind !== 'federated user' : allows(session)
  const isWithinLimits = isWithinBoundary && isWithinSession

  // "The request is allowed only if both evaluations return a decision of Allow."
  if (principal.accountId !== request.resourceAccount) {
    return hasIdentityAllow && isWithinLimits && granting.length > 0
  }
  // "Permissions granted directly to a session are not limited by an implicit deny."
  if (granting.some((statement) => namesDirectly(statement, principal))) return true
  // "Resource-based policies that grant permissions to an IAM role ARN are limited by … a permissions boundary or session policy."
  if (granting.some((statement) => namesEntity(statement, principal)) && isWithinLimits) return true
  if (request.kind !== 'ordinary' && granting.length === 0) return false
  return hasIdentityAllow && isWithinLimits
}

function applying(policy: WrittenPolicy, effect: string, request: WrittenRequest): WrittenStatement[] {
  return policy.Statement.filter(
    (statement) =>
      statement.Effect === effect &&
      concernsPrincipal(statement, request) &&
      concernsAction(statement, request) &&
      concernsResource(statement, policy, request) &&
      conditionsHold(statement, policy, request),
  )
}

// Principals

function concernsPrincipal(statement: WrittenStatement, { principal, boundary }: WrittenRequest): boolean {
  if (statement.Principal !== undefined) return levelsNamed(statement.Principal, principal).includes(true)
  if (statement.NotPrincipal === undefined) return true
  const named = levelsNamed(statement.NotPrincipal, principal)
  if (statement.Effect === 'Allow') return !named.includes(true)
  return boundary !== null || named.includes(false)
}

/** For each level of the principal (account, role or user, session), whether it's named. */
function levelsNamed(element: unknown, principal: Principal): readonly boolean[] {
  return levelsOf(principal).map((names) => names.some((name) => isNamed(element, name)))
}

/** What each level may be called: the type and the name. */
function levelsOf(principal: Principal): readonly (readonly string[])[] {
  const account = (id: string) => [`AWS ${id}`, `AWS arn:aws:iam::${id}:root`]
  switch (principal.kind) {
    case 'root':
      return [account(principal.accountId)]
    case 'user':
      return [account(principal.accountId), [`AWS ${principal.arn}`, `AWS ${principal.id}`]]
    case 'role session': {
      const role = [`AWS ${principal.roleArn}`, `AWS ${principal.roleId}`]
      return [account(principal.accountId), role, [`AWS ${principal.arn}`]]
    }
    case 'federated user': {
      const { user } = principal
      const levels = [account(principal.accountId), [`AWS ${principal.arn}`]]
      return user === null ? levels : [...levels, [`AWS ${user.arn}`, `AWS ${user.id}`]]
    }
    case 'service':
      return [[`Service ${principal.name}`]]
    case 'federated identity':
      return [[`Federated ${principal.provider}`]]
    case 'anonymous':
      return [['nobody']]
    default:
      return principal satisfies never
  }
}

function isNamed(element: unknown, typeAndName: string): boolean {
  if (element === '*') return true
  return Object.entries(Object(element)).some(([type, names]) =>
    listOf(names).some((name) => (type === 'AWS' && name === '*') || `${type} ${name}` === typeAndName),
  )
}

function namesDirectly(statement: WrittenStatement, principal: Principal): boolean {
  if (statement.NotPrincipal !== undefined) return true
  const levels = levelsOf(principal)
  // A user's last level is the user, a session's is the session; of a federated user it's in the middle.
  const own = principal.kind === 'federated user' ? levels[1] : levels.at(-1)
  return (own ?? []).some((name) => isNamed(statement.Principal, name))
}

function namesEntity(statement: WrittenStatement, principal: Principal): boolean {
  const levels = levelsOf(principal)
  const isNamedAt = (level: number) =>
    (levels[level] ?? []).some((name) => isNamed(statement.Principal, name))
  if (principal.kind === 'role session') return isNamedAt(1)
  if (principal.kind === 'federated user') return isNamedAt(principal.user === null ? 0 : 2)
  return false
}

// Actions and resources

function concernsAction({ Action, NotAction }: WrittenStatement, { action }: WrittenRequest): boolean {
  const isListed = (list: unknown) =>
    listOf(list).some((pattern) => expressionOf(pattern.toLowerCase()).test(action.toLowerCase()))
  return Action === undefined ? !isListed(NotAction) : isListed(Action)
}

function concernsResource(
  statement: WrittenStatement,
  policy: WrittenPolicy,
  request: WrittenRequest,
): boolean {
  const { Resource, NotResource, Effect } = statement
  if (Resource === undefined && NotResource === undefined) return true
  const results = listOf(Resource ?? NotResource).map((written) => {
    const expression = resolved(completed(written), policy, request, true)
    return expression === null ? null : expression.test(request.arn)
  })
  if (NotResource === undefined) return results.includes(true)
  return holdsOpposite(results, Effect)
}

/** The opposite of any being true; where one can't be told, a `Deny` applies and an `Allow` doesn't. */
function holdsOpposite(results: readonly (boolean | null)[], effect: string): boolean {
  if (results.includes(true)) return false
  return results.includes(null) ? effect === 'Deny' : true
}

function completed(written: string): string {
  const colons = written.replace(/\$\{.*?\}/g, '').split(':').length - 1
  if (written === '*' || written.startsWith('${')) return written
  return colons < 5 ? written + ':*'.repeat(5 - colons) : written
}

// Conditions

function conditionsHold(
  statement: WrittenStatement,
  policy: WrittenPolicy,
  request: WrittenRequest,
): boolean {
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      conditionHolds(operator, key, listOf(values), statement.Effect, policy, request),
    ),
  )
}

function conditionHolds(
  operator: string,
  key: string,
  wanted: readonly string[],
  effect: string,
  policy: WrittenPolicy,
  request: WrittenRequest,
): boolean {
  const found = valuesOf(key, request)
  const [, set = '', ...rest] = /^(ForAllValues:|ForAnyValue:)?(.*)$/.exec(operator) ?? []
  const ifExists = rest[0]?.endsWith('IfExists') ?? false
  const name = (rest[0] ?? '').replace(/IfExists$/, '')
  if (name === 'Null') return wanted.some((value) => value === String(found.length === 0))

  const isOpposite = name.includes('Not')
  if (found.length === 0) {
    if (ifExists || set === 'ForAllValues:') return true
    return set === 'ForAnyValue:' ? false : isOpposite
  }
  if (set !== '' && found.join('') === '') return set === 'ForAllValues:'
  const holdsFor = (value: string) => {
    const results = wanted.map((each) => compare(name.replace('Not', ''), value, each, policy, request))
    return isOpposite ? holdsOpposite(results, effect) : results.includes(true)
  }
  if (set === 'ForAllValues:' || (set === '' && isOpposite)) return found.every(holdsFor)
  return found.some(holdsFor)
}

function compare(
  name: string,
  value: string,
  wanted: string,
  policy: WrittenPolicy,
  request: WrittenRequest,
): boolean | null {
  const test = (text: string, wildcards: boolean, compared: string) => {
    const expression = resolved(text, policy, request, wildcards)
    return expression === null ? null : expression.test(compared)
  }
  if (name === 'StringEquals') return test(wanted, false, value)
  if (name === 'StringLike') return test(wanted, true, value)
  if (name === 'StringEqualsIgnoreCase' || name === 'Bool') {
    const expression = resolved(wanted, policy, request, false)
    return expression === null ? null : new RegExp(expression.source, 'isu').test(value)
  }
  if (name.startsWith('Numeric')) return ordered(name.slice(7), numberOf(value), numberOf(wanted))
  if (name.startsWith('Date')) return ordered(name.slice(4), timeOf(value), timeOf(wanted))
  if (name === 'IpAddress') return isInNetwork(value, wanted)
  if (name === 'BinaryEquals') {
    const isBase64 = (text: string) => /^[A-Za-z0-9+/]*=?=?$/.test(text)
    if (!isBase64(wanted)) return null
    return isBase64(value) && Buffer.from(value, 'base64').equals(Buffer.from(wanted, 'base64'))
  }
  return isArnLike(value, wanted, policy, request)
}

function isArnLike(
  value: string,
  wanted: string,
  policy: WrittenPolicy,
  request: WrittenRequest,
): boolean | null {
  if (wanted === '*') return true
  // Variables first, in a form in which their colons part what their stars don't.
  const source = resolved(completed(wanted), policy, request, true)?.source.slice(1, -1)
  if (source === undefined) return null
  const patterns = source.split(':')
  if (patterns.length < 6) return null
  const parts = value.split(':')
  if (parts.length < 6) return false
  const six = (list: readonly string[]) => [...list.slice(0, 5), list.slice(5).join(':')]
  const found = six(parts)
  return six(patterns).every((pattern, i) => new RegExp(`^${pattern}$`, 'su').test(found[i] ?? ''))
}

function isInNetwork(value: string, wanted: string): boolean | null {
  const isShort = (text: string) => !text.includes(':') && text.split('.').length < 4
  if (isShort(wanted)) return null
  if (isShort(value)) return false
  const written = wanted.includes('/') ? wanted : `${wanted}/${wanted.includes(':') ? 128 : 32}`
  if (!ipaddr.isValidCIDR(written)) return null
  if (!ipaddr.isValid(value)) return false
  const address = ipaddr.process(value)
  const network = ipaddr.parseCIDR(written)
  return address.kind() === network[0].kind() && address.match(network)
}

function ordered(order: string, value: number, wanted: number): boolean | null {
  if (Number.isNaN(wanted)) return null
  if (order === 'Equals') return value === wanted
  if (order === 'LessThan') return value < wanted
  if (order === 'LessThanEquals') return value <= wanted
  return order === 'GreaterThan' ? value > wanted : value >= wanted
}

function numberOf(text: string): number {
  return /^[-+]?[0-9]+([.][0-9]+)?$/.test(text) ? Number.parseFloat(text) : Number.NaN
}

/** The dates that written-policies.ts has. */
function timeOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  return /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN
}

// Texts

function valuesOf(key: string, { keys }: WrittenRequest): readonly string[] {
  return keys.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1] ?? []
}

/** A text of a policy as a regular expression, with variables replaced; null where one has no value. */
function resolved(
  text: string,
  { Version }: WrittenPolicy,
  request: WrittenRequest,
  wildcards: boolean,
): RegExp | null {
  const literal = wildcards ? expressionOf(text).source : `^${escaped(text)}$`
  if (Version !== '2012-10-17') return new RegExp(literal, 'su')
  let source = ''
  let rest = text
  for (;;) {
    const match = /\$\{([^{}]*)\}/.exec(rest)
    const plain = match === null ? rest : rest.slice(0, match.index)
    source += wildcards ? expressionOf(plain).source.slice(1, -1) : escaped(plain)
    if (match === null) return new RegExp(`^${source}$`, 'su')
    const value = valueOfVariable(match[1] ?? '', request)
    if (value === null) return null
    source += escaped(value)
    rest = rest.slice(match.index + match[0].length)
  }
}

function valueOfVariable(inner: string, request: WrittenRequest): string | null {
  if (inner === '*' || inner === '?' || inner === '$') return inner
  const [key = '', written] = inner.split(',')
  const values = valuesOf(key.trim(), request)
  if (values.length === 1) return values[0] ?? null
  if (values.length > 1 || written === undefined) return null
  return written.trim().slice(1, -1)
}

function expressionOf(pattern: string): RegExp {
  return new RegExp(`^${escaped(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, 'su')
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function listOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.map(String)
}
