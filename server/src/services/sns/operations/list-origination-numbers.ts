import type {
  ListOriginationNumbersRequest,
  ListOriginationNumbersResult,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { decodeNextToken } from '../next-token.ts'
import type { SnsPorts } from '../ports.ts'

const NAME = 'ListOriginationNumbers'

/** No number is rented here: the gateway has its own. */
export const listOriginationNumbers = (ports: SnsPorts) =>
  operation<ListOriginationNumbersRequest, ListOriginationNumbersResult>(NAME, async (input, { caller }) => {
    decodeNextToken(ports, [NAME, caller.accountId, caller.region], input.NextToken)
    return { PhoneNumbers: [] }
  })
