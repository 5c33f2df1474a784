import type {
  CreateSMSSandboxPhoneNumberInput,
  CreateSMSSandboxPhoneNumberResult,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { parseContent } from '../message-to-publish.ts'
import { checkPhoneNumber } from '../phone-number.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { drawSandboxCode, sandboxText } from '../sandbox-code.ts'
import { prepareText } from '../text-to-publish.ts'

/** Sends the number a code, which is on its way when this is answered. */
export const createSMSSandboxPhoneNumber = (ports: SnsPorts) =>
  operation<CreateSMSSandboxPhoneNumberInput, CreateSMSSandboxPhoneNumberResult>(
    'CreateSMSSandboxPhoneNumber',
    async ({ PhoneNumber: name, LanguageCode = 'en-US' }, request) => {
      checkPhoneNumber(name)
      const { accountId, region } = request.caller
      const code = drawSandboxCode(ports.random)
      const content = parseContent({ Message: sandboxText(LanguageCode, code) })
      const { bytes } = prepareText(content, ports, request)
      const address = { accountId, region, name }
      await ask(ports, {
        ...{
          service: 'sns',
          kind: 'addSandboxNumber',
          ...address,
          code,
          message: { body: 0 },
          bodies: [bytes],
        },
      } as const)
      return {}
    },
  )
