import type {
  ListSMSSandboxPhoneNumbersInput,
  ListSMSSandboxPhoneNumbersResult,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { PAGE_ITEMS } from '../limits.ts'
import { decodeNextToken, nextToken } from '../next-token.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'ListSMSSandboxPhoneNumbers'

export const listSMSSandboxPhoneNumbers = (ports: SnsPorts) =>
  operation<ListSMSSandboxPhoneNumbersInput, ListSMSSandboxPhoneNumbersResult>(
    NAME,
    async ({ NextToken, MaxResults: limit = PAGE_ITEMS }, request) => {
      const { accountId, region } = request.caller
      const list = [NAME, accountId, region]
      const after = decodeNextToken(ports, list, NextToken)
      const { numbers, next } = await ask(ports, {
        ...{ service: 'sns', kind: 'listSandboxNumbers', accountId, region, after, limit },
      } as const)
      return {
        PhoneNumbers: numbers.map(({ phoneNumber, isVerified }) => ({
          PhoneNumber: phoneNumber,
          Status: isVerified ? 'Verified' : 'Pending',
        })),
        ...nextToken(ports, list, next),
      }
    },
  )
