import type {
  ListPlatformApplicationsInput,
  ListPlatformApplicationsResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { PAGE_ITEMS } from '../limits.ts'
import { decodeNextToken, nextToken } from '../next-token.ts'
import { applicationArn } from '../platform-arn.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'ListPlatformApplications'

export const listPlatformApplications = (ports: SnsPorts) =>
  operation<ListPlatformApplicationsInput, ListPlatformApplicationsResponse>(NAME, async (input, request) => {
    const { accountId, region } = request.caller
    const list = [NAME, accountId, region]
    const after = decodeNextToken(ports, list, input.NextToken)
    const { applications, next } = await ask(ports, {
      ...{ service: 'sns', kind: 'listPlatformApplications', accountId, region, after, limit: PAGE_ITEMS },
    } as const)
    return {
      PlatformApplications: applications.map(({ name, attributes }) => ({
        PlatformApplicationArn: applicationArn({ accountId, region, name }),
        Attributes: attributes,
      })),
      ...nextToken(ports, list, next),
    }
  })
