import type {
  GetPlatformApplicationAttributesInput,
  GetPlatformApplicationAttributesResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { resolveApplication } from '../platform-arn.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'GetPlatformApplicationAttributes'

export const getPlatformApplicationAttributes = (ports: SnsPorts) =>
  operation<GetPlatformApplicationAttributesInput, GetPlatformApplicationAttributesResponse>(
    NAME,
    async (input, request) => {
      const arn = input.PlatformApplicationArn
      const application = resolveApplication('PlatformApplicationArn', arn, NAME, request)
      return { Attributes: await ask(ports, { service: 'sns', kind: 'getPlatformApplication', application }) }
    },
  )
