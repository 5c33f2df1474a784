import type {
  GetSMSSandboxAccountStatusInput,
  GetSMSSandboxAccountStatusResult,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'

/** No account is in the sandbox: who may be written to is between the operator and the gateway. */
export const getSMSSandboxAccountStatus = () =>
  operation<GetSMSSandboxAccountStatusInput, GetSMSSandboxAccountStatusResult>(
    'GetSMSSandboxAccountStatus',
    async () => ({ IsInSandbox: false }),
  )
