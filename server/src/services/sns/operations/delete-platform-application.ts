import type { DeletePlatformApplicationInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { resolveApplication } from '../platform-arn.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'DeletePlatformApplication'

/** Its endpoints go too; subscriptions of them stay. */
export const deletePlatformApplication = (ports: SnsPorts) =>
  operation<DeletePlatformApplicationInput, object>(NAME, async (input, request) => {
    const arn = input.PlatformApplicationArn
    const application = resolveApplication('PlatformApplicationArn', arn, NAME, request)
    await ask(ports, { service: 'sns', kind: 'deletePlatformApplication', application })
    return {}
  })
