import type { SetPlatformApplicationAttributesInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { resolveApplication } from '../platform-arn.ts'
import { parseApplicationAttributes } from '../platform-attributes.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'SetPlatformApplicationAttributes'

/** An empty value takes the attribute away. */
export const setPlatformApplicationAttributes = (ports: SnsPorts) =>
  operation<SetPlatformApplicationAttributesInput, object>(NAME, async (input, request) => {
    const arn = input.PlatformApplicationArn
    const application = resolveApplication('PlatformApplicationArn', arn, NAME, request)
    const attributes = parseApplicationAttributes(input.Attributes)
    await ask(ports, {
      ...{ service: 'sns', kind: 'setPlatformApplicationAttributes', application, attributes },
    } as const)
    return {}
  })
