import type { SetSMSAttributesInput, SetSMSAttributesResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { parseSmsAttributes } from '../sms-attributes.ts'

/** An empty value takes an attribute away. */
export const setSMSAttributes = (ports: SnsPorts) =>
  operation<SetSMSAttributesInput, SetSMSAttributesResponse>('SetSMSAttributes', async (input, request) => {
    const { accountId, region } = request.caller
    const attributes = parseSmsAttributes(input.attributes)
    await ask(ports, { service: 'sns', kind: 'setSmsAttributes', accountId, region, attributes })
    return {}
  })
