import { Buffer } from 'node:buffer'
import { isWithin } from '../../base/range.ts'
import { invalidParameter } from './errors.ts'
import {
  CUSTOM_USER_DATA_BYTES_MAX,
  DEVICE_TOKEN_BYTES_MAX,
  PLATFORM_NAME_CHARACTERS_MAX,
  SAMPLE_PERCENT,
} from './limits.ts'
import type { ApplicationAttributes, PlatformEndpointSettings } from './platform-commands.ts'
import type { Attributes } from './topic-attributes.ts'

/** Those that AWS names on its pages, the ones it takes no new applications for included. */
const PLATFORMS: readonly string[] = [
  ...['ADM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'BAIDU', 'GCM'],
  ...['MACOS', 'MACOS_SANDBOX', 'MPNS', 'WNS'],
]
const APPLE_PLATFORM = /^(?:APNS|MACOS)/
const APPLE_TOKEN = /^[0-9a-f]{1,400}$/i
const EVENT_TOPICS = /^Event(?:DeliveryFailure|Endpoint(?:Created|Deleted|Updated))$/
const ROLE_ARN = /^arn:aws:iam::\d{12}:role\/\S{1,512}$/
const TOPIC_ARN = /^arn:aws:sns:[a-z0-9-]{1,32}:\d{12}:[A-Za-z0-9_-]{1,256}$/

/** Refuses a name or a platform that no application can have. */
export function checkNewApplication(name: string, platform: string): void {
  const reason = nameProblem(name)
  if (reason !== null) throw invalidParameter(name, reason)
  if (!PLATFORMS.includes(platform)) throw invalidParameter('Platform', `${platform} is not supported`)
}

/**
 * The attributes of an application that is to be created. Credentials are asked for, as far as AWS asks without looking into
 * them, and not kept: nobody signs in at a platform with them.
 */
export function parseNewApplicationAttributes(
  attributes: Attributes,
  platform: string,
): ApplicationAttributes {
  const { PlatformCredential: credential, PlatformPrincipal: principal } = attributes
  if (platform !== 'GCM' && credential !== undefined && principal === undefined) {
    throw refusal('PlatformCredential attribute provided without PlatformPrincipal')
  }
  if (principal !== undefined && credential === undefined) {
    throw refusal('PlatformPrincipal attribute provided without PlatformCredential')
  }
  if (!credential || principal === '') throw refusal('Platform credentials are invalid')
  const { Enabled = 'true', ...parsed } = parseApplicationAttributes(attributes)
  const given = Object.entries(parsed).filter(([, value]) => value !== '')
  return { Enabled, ...Object.fromEntries(given) }
}

/** Attributes of an application, checked, without credentials. */
export function parseApplicationAttributes(attributes: Attributes): ApplicationAttributes {
  const kept = Object.entries(attributes).filter(
    ([name]) => name !== 'PlatformCredential' && name !== 'PlatformPrincipal',
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, checkApplicationAttribute(name, value)]))
}

/** What CreatePlatformEndpoint says of the endpoint; an attribute goes before the parameter of the same meaning. */
export function parseNewEndpoint(
  token: string,
  customUserData: string | undefined,
  attributes: Attributes,
  platform: string,
): PlatformEndpointSettings {
  if (token === '') throw invalidParameter('Token', 'cannot be empty')
  if (customUserData !== undefined && !isUserData(customUserData)) {
    throw invalidParameter('CustomUserData', USER_DATA_PROBLEM)
  }
  checkDeviceToken(token, platform)
  const defaults = { enabled: true, token, customUserData: customUserData ?? '' }
  return { ...defaults, ...parseEndpointAttributes(attributes, platform) }
}

export function parseEndpointAttributes(
  attributes: Attributes,
  platform: string,
): Partial<PlatformEndpointSettings> {
  const parsed = Object.entries(attributes).map(([name, value]) => parseEndpointAttribute(name, value))
  const settings: Partial<PlatformEndpointSettings> = Object.assign({}, ...parsed)
  if (settings.token !== undefined) checkDeviceToken(settings.token, platform)
  return settings
}

/** As GetEndpointAttributes returns them. */
export function renderEndpointAttributes(settings: PlatformEndpointSettings): Attributes {
  const { enabled, token, customUserData } = settings
  const attributes = { Enabled: String(enabled), Token: token }
  return customUserData === '' ? attributes : { ...attributes, CustomUserData: customUserData }
}

/** The platform of an application's name: `GCM` of `GCM/shop`. */
export function platformOf(applicationName: string): string {
  return applicationName.slice(0, applicationName.indexOf('/'))
}

const USER_DATA_PROBLEM = `must be at most ${CUSTOM_USER_DATA_BYTES_MAX} bytes long in UTF-8 encoding`

function parseEndpointAttribute(name: string, value: string): Partial<PlatformEndpointSettings> {
  switch (name) {
    case 'Enabled':
      return { enabled: readBoolean(name, value) }
    case 'Token':
      if (value === '') throw invalidValue(name, 'cannot be empty')
      return { token: value }
    case 'CustomUserData':
      if (!isUserData(value)) throw invalidValue(name, USER_DATA_PROBLEM)
      return { customUserData: value }
    default:
      throw refusal(`Invalid attribute name: ${name}`)
  }
}

function checkApplicationAttribute(name: string, value: string): string {
  if (name === 'Enabled') return String(readBoolean(name, value))
  const isSet = value !== ''
  if (EVENT_TOPICS.test(name)) {
    if (isSet && !TOPIC_ARN.test(value)) throw invalidValue(name, `${value} is not a valid topic ARN`)
    return value
  }
  switch (name) {
    case 'SuccessFeedbackRoleArn':
    case 'FailureFeedbackRoleArn':
      if (isSet && !ROLE_ARN.test(value)) throw invalidValue(name, `${value} is not a valid role ARN`)
      return value
    case 'SuccessFeedbackSampleRate':
      if (isSet && !(/^\d{1,3}$/.test(value) && isWithin(Number(value), SAMPLE_PERCENT))) {
        throw invalidValue(name, `${value} value provided is not an integer between 0-100`)
      }
      return value
    case 'ApplePlatformTeamID':
      if (isSet && !/^[A-Za-z0-9]{10}$/.test(value)) throw invalidValue(name, `${value} is not a team id`)
      return value
    case 'ApplePlatformBundleID':
      if (isSet && !/^[A-Za-z0-9.-]{1,155}$/.test(value))
        throw invalidValue(name, `${value} is not a bundle id`)
      return value
    default:
      throw refusal(`Invalid attribute name: ${name}`)
  }
}

function checkDeviceToken(token: string, platform: string): void {
  if (APPLE_PLATFORM.test(platform) && !APPLE_TOKEN.test(token)) {
    throw invalidParameter('Token', 'iOS device tokens must be no more than 400 hexadecimal characters')
  }
  if (Buffer.byteLength(token) > DEVICE_TOKEN_BYTES_MAX) {
    throw invalidParameter('Token', `must be at most ${DEVICE_TOKEN_BYTES_MAX} bytes long in UTF-8 encoding`)
  }
}

function nameProblem(name: string): string | null {
  if (name === '') return 'cannot be empty'
  if (name.length > PLATFORM_NAME_CHARACTERS_MAX) {
    return `must be at most ${PLATFORM_NAME_CHARACTERS_MAX} characters long`
  }
  if (/^[A-Za-z0-9_.-]+$/.test(name)) return null
  return "must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'"
}

function readBoolean(name: string, value: string): boolean {
  const word = value.toLowerCase()
  if (word !== 'true' && word !== 'false') throw invalidValue(name, `${value} is not true or false`)
  return word === 'true'
}

function isUserData(text: string): boolean {
  return Buffer.byteLength(text) <= CUSTOM_USER_DATA_BYTES_MAX
}

const refusal = (reason: string) => invalidParameter('Attributes', reason)

const invalidValue = (name: string, problem: string) =>
  refusal(`Invalid value for attribute: ${name}: ${problem}`)
