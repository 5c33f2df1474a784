import type { GetEndpointAttributesInput, GetEndpointAttributesResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { resolvePlatformEndpoint } from '../platform-arn.ts'
import { renderEndpointAttributes } from '../platform-attributes.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'GetEndpointAttributes'

export const getEndpointAttributes = (ports: SnsPorts) =>
  operation<GetEndpointAttributesInput, GetEndpointAttributesResponse>(NAME, async (input, request) => {
    const endpoint = resolvePlatformEndpoint('EndpointArn', input.EndpointArn, NAME, request)
    const settings = await ask(ports, { service: 'sns', kind: 'getPlatformEndpoint', ...endpoint })
    return { Attributes: renderEndpointAttributes(settings) }
  })
