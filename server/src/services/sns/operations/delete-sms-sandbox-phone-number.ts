import type {
  DeleteSMSSandboxPhoneNumberInput,
  DeleteSMSSandboxPhoneNumberResult,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { checkPhoneNumber } from '../phone-number.ts'
import { ask, type SnsPorts } from '../ports.ts'

export const deleteSMSSandboxPhoneNumber = (ports: SnsPorts) =>
  operation<DeleteSMSSandboxPhoneNumberInput, DeleteSMSSandboxPhoneNumberResult>(
    'DeleteSMSSandboxPhoneNumber',
    async ({ PhoneNumber: name }, request) => {
      checkPhoneNumber(name)
      const { accountId, region } = request.caller
      await ask(ports, { service: 'sns', kind: 'deleteSandboxNumber', accountId, region, name })
      return {}
    },
  )
