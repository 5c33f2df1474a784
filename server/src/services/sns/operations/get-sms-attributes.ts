import type { GetSMSAttributesInput, GetSMSAttributesResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { renderSmsAttributes } from '../sms-attributes.ts'

export const getSMSAttributes = (ports: SnsPorts) =>
  operation<GetSMSAttributesInput, GetSMSAttributesResponse>('GetSMSAttributes', async (input, request) => {
    const { accountId, region } = request.caller
    const set = await ask(ports, { service: 'sns', kind: 'getSmsAttributes', accountId, region })
    return { attributes: renderSmsAttributes(set, input.attributes ?? []) }
  })
