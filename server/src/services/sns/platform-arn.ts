import type { Request } from '../../api/operation.ts'
import { invalidParameter } from './errors.ts'
import { checkOwned, parseArn, SNS_ARN_PREFIX } from './own-arn.ts'
import type { ApplicationAddress, PlatformEndpointAddress } from './platform-commands.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const UUID_CHARACTERS = 36
/** `app/GCM/shop`, and `endpoint/GCM/shop/UUID`. */
const APPLICATION_PARTS = 3
const ENDPOINT_PARTS = 4

export function applicationArn({ region, accountId, name }: ApplicationAddress): string {
  return `${SNS_ARN_PREFIX}${region}:${accountId}:app/${name}`
}

export function platformEndpointArn({ application, id }: PlatformEndpointAddress): string {
  const { region, accountId, name } = application
  return `${SNS_ARN_PREFIX}${region}:${accountId}:endpoint/${name}/${id}`
}

/** Whether an ARN is one of an endpoint, rather than of a topic. */
export function isPlatformEndpointArn(arn: string): boolean {
  return arn.split(':')[5]?.startsWith('endpoint/') === true
}

/** The application of the caller's that a parameter names. Whether it's there is for the cell to say. */
export function resolveApplication(
  parameter: string,
  arn: string,
  action: string,
  request: Request,
): ApplicationAddress {
  const { resource, rest, ...scope } = parseArn(parameter, arn)
  const [kind, platform, name] = partsOf(parameter, resource, rest, APPLICATION_PARTS)
  if (kind !== 'app') throw invalidParameter(parameter)
  checkOwned(parameter, arn, scope, action, request)
  return { ...scope, name: `${platform}/${name}` }
}

/** The endpoint of the caller's that a parameter names. */
export function resolvePlatformEndpoint(
  parameter: string,
  arn: string,
  action: string,
  request: Request,
): PlatformEndpointAddress {
  const { resource, rest, ...scope } = parseArn(parameter, arn)
  const [kind, platform, name, id] = partsOf(parameter, resource, rest, ENDPOINT_PARTS)
  if (kind !== 'endpoint') throw invalidParameter(parameter)
  if (id!.length !== UUID_CHARACTERS) {
    throw invalidParameter(
      parameter,
      'ARN specifies an invalid endpointId: UUID must be encoded in exactly 36 characters.',
    )
  }
  if (!UUID.test(id!)) throw invalidParameter(parameter)
  checkOwned(parameter, arn, scope, action, request)
  return { application: { ...scope, name: `${platform}/${name}` }, id: id!.toLowerCase() }
}

/** The endpoint that an ARN names which has the form of one. */
export function platformEndpointOf(arn: string): PlatformEndpointAddress {
  const [, , , region, accountId, resource] = arn.split(':')
  const [, platform, name, id] = resource!.split('/')
  return {
    application: { region: region!, accountId: accountId!, name: `${platform}/${name}` },
    id: id!.toLowerCase(),
  }
}

function partsOf(
  parameter: string,
  resource: string,
  rest: readonly string[],
  count: number,
): readonly string[] {
  const parts = resource.split('/')
  if (parts.length !== count) {
    throw invalidParameter(parameter, 'Wrong number of slashes in relative portion of the ARN.')
  }
  if (rest.length > 0) throw invalidParameter(parameter)
  return parts
}
