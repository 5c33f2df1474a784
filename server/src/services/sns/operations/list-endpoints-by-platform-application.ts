import type {
  ListEndpointsByPlatformApplicationInput,
  ListEndpointsByPlatformApplicationResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { PAGE_ITEMS } from '../limits.ts'
import { decodeNextToken, nextToken } from '../next-token.ts'
import { platformEndpointArn, resolveApplication } from '../platform-arn.ts'
import { renderEndpointAttributes } from '../platform-attributes.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'ListEndpointsByPlatformApplication'

export const listEndpointsByPlatformApplication = (ports: SnsPorts) =>
  operation<ListEndpointsByPlatformApplicationInput, ListEndpointsByPlatformApplicationResponse>(
    NAME,
    async (input, request) => {
      const arn = input.PlatformApplicationArn
      const application = resolveApplication('PlatformApplicationArn', arn, NAME, request)
      const list = [NAME, application.accountId, application.region, application.name]
      const after = Number(decodeNextToken(ports, list, input.NextToken))
      const { endpoints, next } = await ask(ports, {
        ...{ service: 'sns', kind: 'listPlatformEndpoints', application, after, limit: PAGE_ITEMS },
      } as const)
      return {
        Endpoints: endpoints.map(({ id, settings }) => ({
          EndpointArn: platformEndpointArn({ application, id }),
          Attributes: renderEndpointAttributes(settings),
        })),
        ...nextToken(ports, list, next === null ? null : String(next)),
      }
    },
  )
