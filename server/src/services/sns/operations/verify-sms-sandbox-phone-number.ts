import type {
  VerifySMSSandboxPhoneNumberInput,
  VerifySMSSandboxPhoneNumberResult,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { VerificationException } from '../errors.ts'
import { checkPhoneNumber } from '../phone-number.ts'
import { ask, type SnsPorts } from '../ports.ts'

/** A wrong code counts: after a few no code is taken any more, until another one is sent. */
export const verifySMSSandboxPhoneNumber = (ports: SnsPorts) =>
  operation<VerifySMSSandboxPhoneNumberInput, VerifySMSSandboxPhoneNumberResult>(
    'VerifySMSSandboxPhoneNumber',
    async ({ PhoneNumber: name, OneTimePassword: code }, request) => {
      checkPhoneNumber(name)
      const { accountId, region } = request.caller
      const outcome = await ask(ports, {
        ...{ service: 'sns', kind: 'verifySandboxNumber', accountId, region, name, code },
      } as const)
      if (outcome === 'wrong code') {
        throw new ServiceError(VerificationException, 'The one-time password is invalid')
      }
      return {}
    },
  )
