import type { CreateEndpointResponse, CreatePlatformEndpointInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { formatUuid, toUuid, UUID_BYTES } from '../../../base/uuid.ts'
import { platformEndpointArn, resolveApplication } from '../platform-arn.ts'
import { parseNewEndpoint, platformOf } from '../platform-attributes.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'CreatePlatformEndpoint'

/** Answers with the endpoint that has the token already, if it has the same attributes. */
export const createPlatformEndpoint = (ports: SnsPorts) =>
  operation<CreatePlatformEndpointInput, CreateEndpointResponse>(NAME, async (input, request) => {
    const arn = input.PlatformApplicationArn
    const application = resolveApplication('PlatformApplicationArn', arn, NAME, request)
    const { Token, CustomUserData, Attributes = {} } = input
    const settings = parseNewEndpoint(Token, CustomUserData, Attributes, platformOf(application.name))
    const fresh = formatUuid(toUuid(ports.random.bytes(UUID_BYTES)))
    const { id } = await ask(ports, {
      ...{ service: 'sns', kind: 'createPlatformEndpoint', application, id: fresh, settings },
    } as const)
    return { EndpointArn: platformEndpointArn({ application, id }) }
  })
