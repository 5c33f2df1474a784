import { isJsonObject, type JsonObject, parseJsonObject } from '../../../base/json-object.ts'
import {
  AUDIT_SAMPLE_RATE,
  CUSTOM_EXPRESSION_CHARACTERS_MAX,
  CUSTOM_IDENTIFIER_NAME_CHARACTERS_MAX,
  CUSTOM_IDENTIFIERS_COST_MAX,
  CUSTOM_IDENTIFIERS_MAX,
} from '../limits.ts'
import { ExpressionError } from './expression.ts'
import { ExpressionSearch } from './expression-search.ts'
import type { DataIdentifier } from './managed-identifier.ts'
import { MANAGED_IDENTIFIERS, UNSERVED_IDENTIFIERS } from './managed-identifiers.ts'
import { isPrincipal } from './principal-list.ts'
import type { ProtectionOperation, ProtectionPolicy, Statement } from './protection-policy.ts'

/** What is wrong with a policy, in a few words. */
export class ProtectionPolicyError extends Error {
  override readonly name = 'ProtectionPolicyError'
}

const VERSION = '2021-06-01'
const ARN_PREFIX = 'arn:aws:dataprotection::aws:data-identifier/'
const NAME = /^[\w-]+$/
const EXPRESSION = /^[A-Za-z\d_#=@/;, ^$?[\]{}|\\*+.-]+$/
const MASK = /^[\x20-\x7e]$/
/** Visible, and yet not allowed to mask anything. */
const NO_MASKS = ['"', "'", '?', '{', '}']
/** Of a mask whose character is left out. */
const DEFAULT_MASK = '*'

type Direction = 'Inbound' | 'Outbound'

/**
 * Reads a policy. Throws `ProtectionPolicyError`, also where it names what is not served: who relies on protection must not be left
 * without.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html
 */
export function readProtectionPolicy(text: string): ProtectionPolicy {
  const document = parseJsonObject(text)
  if (document === null) throw new ProtectionPolicyError('failed to parse JSON')
  checkMembers(document, ['Name', 'Description', 'Version', 'Configuration', 'Statement'], 'the policy')
  const name = textOf(document, 'Name', 'the policy')
  if (!NAME.test(name)) {
    throw new ProtectionPolicyError('Name can only include alphanumeric characters, hyphens and underscores')
  }
  if (document.Description !== undefined) textOf(document, 'Description', 'the policy')
  if (document.Version !== VERSION) throw new ProtectionPolicyError(`Version must be ${VERSION}`)
  const custom = customIdentifiers(document.Configuration)
  const written = listOf(document, 'Statement', 'the policy')
  const statements = written.map((each, i) => readStatement(each, `statement ${i + 1}`, custom))
  const audits = statements.filter(({ operation }) => operation.kind === 'audit')
  if (audits.length > 1) throw new ProtectionPolicyError('there is more than one Audit statement')
  const sids = statements.flatMap(({ sid }) => (sid === undefined ? [] : [sid]))
  if (new Set(sids).size < sids.length) throw new ProtectionPolicyError('two statements have the same Sid')
  const towards = (direction: Direction) => statements.filter((each) => each.direction === direction)
  return { inbound: towards('Inbound'), outbound: towards('Outbound') }
}

type ReadStatement = Statement & { readonly direction: Direction; readonly sid: string | undefined }

function readStatement(
  written: unknown,
  place: string,
  custom: ReadonlyMap<string, DataIdentifier>,
): ReadStatement {
  if (!isJsonObject(written)) throw new ProtectionPolicyError(`${place} is no object`)
  checkMembers(written, ['Sid', 'DataDirection', 'DataIdentifier', 'Principal', 'Operation'], place)
  const direction = written.DataDirection
  if (direction !== 'Inbound' && direction !== 'Outbound') {
    throw new ProtectionPolicyError(`${place}: DataDirection must be Inbound or Outbound`)
  }
  const principals = texts(written, 'Principal', place)
  for (const each of principals) {
    if (!isPrincipal(each)) throw new ProtectionPolicyError(`${place}: invalid principal ${each}`)
  }
  const identifiers = texts(written, 'DataIdentifier', place).map((each) => identifierOf(each, place, custom))
  const operation = readOperation(written.Operation, place)
  if (operation.kind === 'audit' && direction === 'Outbound') {
    throw new ProtectionPolicyError(`${place}: Audit is for inbound messages only`)
  }
  const sid = written.Sid === undefined ? undefined : textOf(written, 'Sid', place)
  return { sid, direction, principals, identifiers: [...new Set(identifiers)], operation }
}

function identifierOf(
  name: string,
  place: string,
  custom: ReadonlyMap<string, DataIdentifier>,
): DataIdentifier {
  const managed = name.startsWith(ARN_PREFIX) ? name.slice(ARN_PREFIX.length) : null
  if (managed !== null && UNSERVED_IDENTIFIERS.includes(managed)) {
    throw new ProtectionPolicyError(`${place}: data identifier ${name} is not supported here`)
  }
  const found = managed === null ? custom.get(name) : MANAGED_IDENTIFIERS.get(managed)
  if (found === undefined) throw new ProtectionPolicyError(`${place}: unknown data identifier ${name}`)
  return found
}

function readOperation(written: unknown, place: string): ProtectionOperation {
  const entries = isJsonObject(written) ? Object.entries(written) : []
  const [entry, second] = entries
  if (entry === undefined || second !== undefined || !isJsonObject(entry[1])) {
    throw new ProtectionPolicyError(`${place}: Operation must be one of Audit, Deidentify, Deny`)
  }
  const [kind, settings] = entry
  switch (kind) {
    case 'Deny':
      checkMembers(settings, [], `${place}: Deny`)
      return { kind: 'deny' }
    case 'Deidentify':
      return readDeidentify(settings, `${place}: Deidentify`)
    case 'Audit':
      return readAudit(settings, `${place}: Audit`)
    default:
      throw new ProtectionPolicyError(`${place}: Operation must be one of Audit, Deidentify, Deny`)
  }
}

function readDeidentify(settings: JsonObject, place: string): ProtectionOperation {
  checkMembers(settings, ['MaskConfig', 'RedactConfig'], place)
  const { MaskConfig: mask, RedactConfig: redact } = settings
  if ((mask === undefined) === (redact === undefined)) {
    throw new ProtectionPolicyError(`${place} must have a MaskConfig or a RedactConfig`)
  }
  if (mask === undefined) {
    if (!isJsonObject(redact)) throw new ProtectionPolicyError(`${place}: RedactConfig is no object`)
    checkMembers(redact, [], `${place}: RedactConfig`)
    return { kind: 'redact' }
  }
  if (!isJsonObject(mask)) throw new ProtectionPolicyError(`${place}: MaskConfig is no object`)
  checkMembers(mask, ['MaskWithCharacter'], `${place}: MaskConfig`)
  const { MaskWithCharacter: character = DEFAULT_MASK } = mask
  if (typeof character !== 'string' || !MASK.test(character) || NO_MASKS.includes(character)) {
    throw new ProtectionPolicyError(`${place}: MaskWithCharacter must be one supported character`)
  }
  return { kind: 'mask', character }
}

function readAudit(settings: JsonObject, place: string): ProtectionOperation {
  checkMembers(settings, ['SampleRate', 'FindingsDestination', 'NoFindingsDestination'], place)
  const { SampleRate: rate } = settings
  const sampleRate =
    typeof rate === 'number' || (typeof rate === 'string' && /^\d{1,2}$/.test(rate)) ? Number(rate) : -1
  const { min, max } = AUDIT_SAMPLE_RATE
  if (!Number.isInteger(sampleRate) || sampleRate < min || sampleRate > max) {
    throw new ProtectionPolicyError(`${place}: SampleRate must be an integer from ${min} to ${max}`)
  }
  const [reportsFindings, reportsNoFindings] = (
    ['FindingsDestination', 'NoFindingsDestination'] as const
  ).map((name) => settings[name] !== undefined && checkDestination(settings[name], `${place}: ${name}`)) as [
    boolean,
    boolean,
  ]
  if (!reportsFindings && !reportsNoFindings) {
    throw new ProtectionPolicyError(`${place} must have a FindingsDestination or a NoFindingsDestination`)
  }
  return { kind: 'audit', sampleRate, reportsFindings, reportsNoFindings }
}

const DESTINATIONS: Readonly<Record<string, readonly [string, RegExp]>> = {
  CloudWatchLogs: ['LogGroup', /^\/aws\/vendedlogs\/[\w./#-]{1,498}$/],
  Firehose: ['DeliveryStream', /^[\w.-]{1,64}$/],
  S3: ['Bucket', /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/],
}

/** There is none of them here, but a policy that AWS would refuse is refused. */
function checkDestination(written: unknown, place: string): true {
  if (!isJsonObject(written) || Object.keys(written).length === 0) {
    throw new ProtectionPolicyError(`${place} names no destination`)
  }
  checkMembers(written, Object.keys(DESTINATIONS), place)
  for (const [kind, settings] of Object.entries(written)) {
    const [member, form] = DESTINATIONS[kind]!
    if (!isJsonObject(settings)) throw new ProtectionPolicyError(`${place}: ${kind} is no object`)
    checkMembers(settings, [member], `${place}: ${kind}`)
    if (!form.test(textOf(settings, member, `${place}: ${kind}`))) {
      throw new ProtectionPolicyError(`${place}: ${kind}: invalid ${member}`)
    }
  }
  return true
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-custom-data-identifiers.html */
function customIdentifiers(configuration: unknown): ReadonlyMap<string, DataIdentifier> {
  const found = new Map<string, DataIdentifier>()
  if (configuration === undefined) return found
  if (!isJsonObject(configuration)) throw new ProtectionPolicyError('Configuration is no object')
  checkMembers(configuration, ['CustomDataIdentifier'], 'Configuration')
  const written = listOf(configuration, 'CustomDataIdentifier', 'Configuration')
  if (written.length > CUSTOM_IDENTIFIERS_MAX) {
    throw new ProtectionPolicyError(`there are more than ${CUSTOM_IDENTIFIERS_MAX} custom data identifiers`)
  }
  let left = CUSTOM_IDENTIFIERS_COST_MAX
  for (const each of written) {
    if (!isJsonObject(each)) throw new ProtectionPolicyError('a custom data identifier is no object')
    checkMembers(each, ['Name', 'Regex'], 'a custom data identifier')
    const name = textOf(each, 'Name', 'a custom data identifier')
    if (name.length > CUSTOM_IDENTIFIER_NAME_CHARACTERS_MAX || !NAME.test(name)) {
      throw new ProtectionPolicyError(`invalid name of a custom data identifier: ${name}`)
    }
    if (found.has(name) || MANAGED_IDENTIFIERS.has(name) || UNSERVED_IDENTIFIERS.includes(name)) {
      throw new ProtectionPolicyError(`another data identifier is named ${name}`)
    }
    const expression = textOf(each, 'Regex', name)
    if (expression.length > CUSTOM_EXPRESSION_CHARACTERS_MAX || !EXPRESSION.test(expression)) {
      throw new ProtectionPolicyError(`${name}: Regex is too long, or has characters that are not supported`)
    }
    const search = compile(expression, left, name)
    left -= search.cost
    found.set(name, { name, find: (text) => search.find(text) })
  }
  return found
}

function compile(expression: string, costMax: number, name: string): ExpressionSearch {
  try {
    return new ExpressionSearch(expression, costMax)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new ProtectionPolicyError(`${name}: invalid Regex: ${error.message}`)
  }
}

function checkMembers(object: JsonObject, names: readonly string[], place: string): void {
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) throw new ProtectionPolicyError(`${place} has an unknown member ${name}`)
  }
}

function textOf(object: JsonObject, name: string, place: string): string {
  const value = object[name]
  if (typeof value !== 'string' || value === '') {
    throw new ProtectionPolicyError(`${place} must have a ${name}`)
  }
  return value
}

function listOf(object: JsonObject, name: string, place: string): readonly unknown[] {
  const value = object[name]
  if (!Array.isArray(value) || value.length === 0) {
    throw new ProtectionPolicyError(`${place} must have a list ${name}`)
  }
  return value
}

function texts(object: JsonObject, name: string, place: string): readonly string[] {
  return listOf(object, name, place).map((each) => {
    if (typeof each !== 'string') throw new ProtectionPolicyError(`${place}: ${name} must have texts alone`)
    return each
  })
}
