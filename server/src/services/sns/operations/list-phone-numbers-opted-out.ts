import type {
  ListPhoneNumbersOptedOutInput,
  ListPhoneNumbersOptedOutResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { PAGE_ITEMS } from '../limits.ts'
import { decodeNextToken, nextToken } from '../next-token.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'ListPhoneNumbersOptedOut'

/** Its token begins with a small letter, unlike those of the other lists. */
export const listPhoneNumbersOptedOut = (ports: SnsPorts) =>
  operation<ListPhoneNumbersOptedOutInput, ListPhoneNumbersOptedOutResponse>(NAME, async (input, request) => {
    const { accountId, region } = request.caller
    const list = [NAME, accountId, region]
    const after = decodeNextToken(ports, list, input.nextToken)
    const { names, next } = await ask(ports, {
      ...{ service: 'sns', kind: 'listOptedOut', accountId, region, after, limit: PAGE_ITEMS },
    } as const)
    const { NextToken } = nextToken(ports, list, next)
    return NextToken === undefined ? { phoneNumbers: names } : { phoneNumbers: names, nextToken: NextToken }
  })
