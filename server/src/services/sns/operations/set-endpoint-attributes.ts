import type { SetEndpointAttributesInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { resolvePlatformEndpoint } from '../platform-arn.ts'
import { parseEndpointAttributes, platformOf } from '../platform-attributes.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'SetEndpointAttributes'

export const setEndpointAttributes = (ports: SnsPorts) =>
  operation<SetEndpointAttributesInput, object>(NAME, async (input, request) => {
    const endpoint = resolvePlatformEndpoint('EndpointArn', input.EndpointArn, NAME, request)
    const settings = parseEndpointAttributes(input.Attributes, platformOf(endpoint.application.name))
    await ask(ports, { service: 'sns', kind: 'setPlatformEndpointSettings', ...endpoint, settings })
    return {}
  })
