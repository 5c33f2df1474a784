import type { OptInPhoneNumberInput, OptInPhoneNumberResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { checkPhoneNumber } from '../phone-number.ts'
import { ask, type SnsPorts } from '../ports.ts'

export const optInPhoneNumber = (ports: SnsPorts) =>
  operation<OptInPhoneNumberInput, OptInPhoneNumberResponse>('OptInPhoneNumber', async (input, request) => {
    checkPhoneNumber(input.phoneNumber)
    const { accountId, region } = request.caller
    await ask(ports, { service: 'sns', kind: 'optIn', accountId, region, name: input.phoneNumber })
    return {}
  })
