import type {
  CheckIfPhoneNumberIsOptedOutInput,
  CheckIfPhoneNumberIsOptedOutResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { checkPhoneNumber } from '../phone-number.ts'
import { ask, type SnsPorts } from '../ports.ts'

export const checkIfPhoneNumberIsOptedOut = (ports: SnsPorts) =>
  operation<CheckIfPhoneNumberIsOptedOutInput, CheckIfPhoneNumberIsOptedOutResponse>(
    'CheckIfPhoneNumberIsOptedOut',
    async (input, request) => {
      checkPhoneNumber(input.phoneNumber)
      const { accountId, region } = request.caller
      const name = input.phoneNumber
      return ask(ports, { service: 'sns', kind: 'getPhoneNumber', accountId, region, name })
    },
  )
