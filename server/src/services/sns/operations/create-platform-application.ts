import type {
  CreatePlatformApplicationInput,
  CreatePlatformApplicationResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { applicationArn } from '../platform-arn.ts'
import { checkNewApplication, parseNewApplicationAttributes } from '../platform-attributes.ts'
import { ask, type SnsPorts } from '../ports.ts'

export const createPlatformApplication = (ports: SnsPorts) =>
  operation<CreatePlatformApplicationInput, CreatePlatformApplicationResponse>(
    'CreatePlatformApplication',
    async (input, request) => {
      const { Name, Platform, Attributes } = input
      checkNewApplication(Name, Platform)
      const attributes = parseNewApplicationAttributes(Attributes, Platform)
      const { accountId, region } = request.caller
      const application = { accountId, region, name: `${Platform}/${Name}` }
      await ask(ports, { service: 'sns', kind: 'createPlatformApplication', application, attributes })
      return { PlatformApplicationArn: applicationArn(application) }
    },
  )
