import type { DeleteEndpointInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { resolvePlatformEndpoint } from '../platform-arn.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'DeleteEndpoint'

/** Subscriptions of the endpoint stay. */
export const deleteEndpoint = (ports: SnsPorts) =>
  operation<DeleteEndpointInput, object>(NAME, async (input, request) => {
    const endpoint = resolvePlatformEndpoint('EndpointArn', input.EndpointArn, NAME, request)
    await ask(ports, { service: 'sns', kind: 'deletePlatformEndpoint', ...endpoint })
    return {}
  })
