import { ServiceError } from '../../../api/service-error.ts'
import type { Step } from '../../../core/service-state.ts'
import type { SnsCommand, SnsReplies } from '../commands.ts'
import {
  applicationDoesNotExist,
  EndpointDisabled,
  invalidParameter,
  PlatformApplicationDisabled,
  platformEndpointDoesNotExist,
} from '../errors.ts'
import { platformEndpointArn } from '../platform-arn.ts'
import type {
  ApplicationAddress,
  ApplicationAttributes,
  PlatformCommands,
  PlatformEndpointAddress,
  PlatformEndpointSettings,
} from '../platform-commands.ts'
import type { SnsContext } from './context.ts'
import type { Decisions } from './decision.ts'
import type { SnsEvent } from './events.ts'
import type { PlatformApplication, PlatformEndpoint } from './platform-application.ts'
import { PLATFORM_EVENT } from './platform-events.ts'

/** An application that is there already is answered with, as long as it is the same. */
function createPlatformApplication(
  context: SnsContext,
  { application: address, attributes }: SnsCommand<'createPlatformApplication'>,
  step: Step<SnsEvent>,
): null {
  const existing = context.applications.at(address)
  if (existing === undefined) {
    const application = context.root.nextApplication
    step.emit({ kind: PLATFORM_EVENT.applicationCreated, application, address, attributes })
  } else if (!haveSame(existing.attributes, attributes)) {
    throw invalidParameter(
      'Name',
      'An application with the same name but different properties already exists',
    )
  }
  return null
}

function deletePlatformApplication(
  { applications }: SnsContext,
  command: SnsCommand<'deletePlatformApplication'>,
  step: Step<SnsEvent>,
): null {
  const application = applications.at(command.application)
  if (application !== undefined) {
    step.emit({ kind: PLATFORM_EVENT.applicationDeleted, application: application.number })
  }
  return null
}

function describePlatformApplication(
  context: SnsContext,
  { application }: SnsCommand<'getPlatformApplication'>,
): SnsReplies['getPlatformApplication'] {
  return existingApplication(context, application).attributes
}

function setPlatformApplicationAttributes(
  context: SnsContext,
  command: SnsCommand<'setPlatformApplicationAttributes'>,
  step: Step<SnsEvent>,
): null {
  const { number: application, attributes: before } = existingApplication(context, command.application)
  const merged = Object.entries({ ...before, ...command.attributes })
  const attributes = Object.fromEntries(merged.filter(([, value]) => value !== ''))
  step.emit({ kind: PLATFORM_EVENT.applicationChanged, application, attributes })
  return null
}

function listPlatformApplications(
  { applications }: SnsContext,
  command: SnsCommand<'listPlatformApplications'>,
): SnsReplies['listPlatformApplications'] {
  const { names, next } = applications.page(command, '', command.after, command.limit, () => true)
  const described = names.map((name) => {
    const { attributes } = applications.at({ ...command, name })!
    return { name, attributes }
  })
  return { applications: described, next }
}

/** An endpoint that has the token already is answered with, as long as it is the same. */
function createPlatformEndpoint(
  context: SnsContext,
  { application: address, id, settings }: SnsCommand<'createPlatformEndpoint'>,
  step: Step<SnsEvent>,
): SnsReplies['createPlatformEndpoint'] {
  const application = existingApplication(context, address)
  const existing = application.withToken(settings.token)
  if (existing === undefined) {
    const numbers = { application: application.number, endpoint: context.root.nextPlatformEndpoint }
    step.emit({ kind: PLATFORM_EVENT.endpointCreated, ...numbers, id, settings })
    return { id }
  }
  const { enabled, customUserData } = existing.record.settings
  if (enabled !== settings.enabled || customUserData !== settings.customUserData) {
    throw tokenTaken(application, existing)
  }
  return { id: existing.record.id }
}

function deletePlatformEndpoint(
  { applications }: SnsContext,
  command: SnsCommand<'deletePlatformEndpoint'>,
  step: Step<SnsEvent>,
): null {
  const application = applications.at(command.application)
  const endpoint = application?.withId(command.id)
  if (application !== undefined && endpoint !== undefined) {
    step.emit({ kind: PLATFORM_EVENT.endpointDeleted, ...numbersOf(application, endpoint) })
  }
  return null
}

function describePlatformEndpoint(
  context: SnsContext,
  command: SnsCommand<'getPlatformEndpoint'>,
): PlatformEndpointSettings {
  return existingEndpoint(context, command).endpoint.record.settings
}

function setPlatformEndpointSettings(
  context: SnsContext,
  command: SnsCommand<'setPlatformEndpointSettings'>,
  step: Step<SnsEvent>,
): null {
  const { application, endpoint } = existingEndpoint(context, command)
  const settings = { ...endpoint.record.settings, ...command.settings }
  const other = application.withToken(settings.token)
  if (other !== undefined && other !== endpoint) throw tokenTaken(application, other)
  step.emit({ kind: PLATFORM_EVENT.endpointChanged, ...numbersOf(application, endpoint), settings })
  return null
}

function listPlatformEndpoints(
  context: SnsContext,
  command: SnsCommand<'listPlatformEndpoints'>,
): SnsReplies['listPlatformEndpoints'] {
  const { after, limit } = command
  const found = existingApplication(context, command.application).page(after, limit + 1)
  const shown = found.slice(0, limit).map(({ record }) => record)
  return { endpoints: shown, next: found.length > limit ? shown.at(-1)!.number : null }
}

function checkPlatformEndpoint(context: SnsContext, command: SnsCommand<'checkPlatformEndpoint'>): null {
  reachableEndpoint(context, command)
  return null
}

function publishToPlatformEndpoint(
  context: SnsContext,
  command: SnsCommand<'publishToPlatformEndpoint'>,
  step: Step<SnsEvent>,
): null {
  const { application, endpoint } = reachableEndpoint(context, command)
  step.emit({ kind: PLATFORM_EVENT.endpointAddressed, ...numbersOf(application, endpoint), messages: 1 })
  return null
}

/** Messages of a topic for a subscribed endpoint. Says why they are not for it, or null where they were counted. */
export function addressPlatformEndpoint(
  context: SnsContext,
  address: PlatformEndpointAddress,
  messages: number,
  step: Step<SnsEvent>,
): string | null {
  const found = findPlatformEndpoint(context, address)
  if (found === undefined) return 'no such target'
  const { application, endpoint } = found
  if (!application.isEnabled || !endpoint.record.settings.enabled) return 'endpoint disabled'
  step.emit({ kind: PLATFORM_EVENT.endpointAddressed, ...numbersOf(application, endpoint), messages })
  return null
}

interface Found {
  readonly application: PlatformApplication
  readonly endpoint: PlatformEndpoint
}

/** The endpoint, if it's there: a subscription outlives what it is for. */
export function findPlatformEndpoint(
  { applications }: SnsContext,
  address: PlatformEndpointAddress,
): Found | undefined {
  const application = applications.at(address.application)
  const endpoint = application?.withId(address.id)
  return application === undefined || endpoint === undefined ? undefined : { application, endpoint }
}

function existingApplication({ applications }: SnsContext, address: ApplicationAddress): PlatformApplication {
  const application = applications.at(address)
  if (application === undefined) throw applicationDoesNotExist()
  return application
}

function existingEndpoint(context: SnsContext, address: PlatformEndpointAddress): Found {
  const found = findPlatformEndpoint(context, address)
  if (found === undefined) throw platformEndpointDoesNotExist()
  return found
}

/** As Publish words it. */
function reachableEndpoint(context: SnsContext, address: PlatformEndpointAddress): Found {
  const found = findPlatformEndpoint(context, address)
  if (found === undefined) {
    throw invalidParameter('TargetArn', 'No endpoint found for the target arn specified')
  }
  if (!found.application.isEnabled) {
    throw new ServiceError(PlatformApplicationDisabled, 'Platform application is disabled')
  }
  if (!found.endpoint.record.settings.enabled)
    throw new ServiceError(EndpointDisabled, 'Endpoint is disabled')
  return found
}

function numbersOf(application: PlatformApplication, endpoint: PlatformEndpoint) {
  return { application: application.number, endpoint: endpoint.record.number }
}

/** Clients take the ARN out of this text. */
function tokenTaken({ address }: PlatformApplication, { record }: PlatformEndpoint): ServiceError {
  const arn = platformEndpointArn({ application: address, id: record.id })
  return invalidParameter(
    'Token',
    `Endpoint ${arn} already exists with the same Token, but different attributes.`,
  )
}

function haveSame(a: ApplicationAttributes, b: ApplicationAttributes): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

export const platformDecisions: Decisions<keyof PlatformCommands> = {
  createPlatformApplication,
  deletePlatformApplication,
  getPlatformApplication: describePlatformApplication,
  setPlatformApplicationAttributes,
  listPlatformApplications,
  createPlatformEndpoint,
  deletePlatformEndpoint,
  getPlatformEndpoint: describePlatformEndpoint,
  setPlatformEndpointSettings,
  listPlatformEndpoints,
  checkPlatformEndpoint,
  publishToPlatformEndpoint,
}
