import type {
  DecodeAuthorizationMessageRequest,
  DecodeAuthorizationMessageResponse,
  GetAccessKeyInfoRequest,
  GetAccessKeyInfoResponse,
  GetCallerIdentityResponse,
} from '../../../api/generated/sts.ts'
import { operation } from '../../../api/operation.ts'
import { accountOfKeyId } from '../new-ids.ts'
import type { StsPorts } from '../ports.ts'
import { invalidAuthorizationMessage, validationError } from '../sts-errors.ts'

export const getCallerIdentity = (_ports: StsPorts) =>
  operation<object, GetCallerIdentityResponse>('GetCallerIdentity', async (_input, { caller }) => ({
    UserId: caller.userId,
    Account: caller.accountId,
    Arn: caller.principalArn,
  }))

export const getAccessKeyInfo = ({ identities }: StsPorts) =>
  operation<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse>(
    'GetAccessKeyInfo',
    async ({ AccessKeyId: id }) => {
      // Those that were made elsewhere need not say whose they are.
      const Account = identities.accountOfKey(id) ?? accountOfKeyId(id)
      if (Account === undefined) throw validationError(`Access key ${id} is not valid.`)
      return { Account }
    },
  )

/** Such messages come from services that tell in them why they refused something. None of those that are here does. */
export const decodeAuthorizationMessage = (_ports: StsPorts) =>
  operation<DecodeAuthorizationMessageRequest, DecodeAuthorizationMessageResponse>(
    'DecodeAuthorizationMessage',
    async () => {
      throw invalidAuthorizationMessage()
    },
  )
