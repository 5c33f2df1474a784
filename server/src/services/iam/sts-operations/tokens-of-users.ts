import type {
  GetFederationTokenRequest,
  GetFederationTokenResponse,
  GetSessionTokenRequest,
  GetSessionTokenResponse,
} from '../../../api/generated/sts.ts'
import { type Caller, operation } from '../../../api/operation.ts'
import { ROOT_SESSION_SECONDS_MAX, USER_SESSION_SECONDS_DEFAULT } from '../limits.ts'
import { makeSession, readPassed } from '../new-session.ts'
import type { StsPorts } from '../ports.ts'
import { accessDenied } from '../sts-errors.ts'

const NOTHING_PASSED = { policy: null, policyArns: [], tags: {}, transitiveTagKeys: [] }

/** Credentials for a while of the user who asks. */
export const getSessionToken = (ports: StsPorts) =>
  operation<GetSessionTokenRequest, GetSessionTokenResponse>('GetSessionToken', async (input, { caller }) => {
    // Nobody has a device for it here.
    if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
      throw accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code.')
    }
    const { accountId } = caller
    const { Credentials } = makeSession(ports, {
      ...{ kind: 'user', accountId, ownerId: ownerOf(caller), name: '', sourceIdentity: null },
      ...{ passed: NOTHING_PASSED, seconds: secondsOf(input.DurationSeconds, caller) },
    })
    return { Credentials }
  })

/** Credentials for somebody whom the user who asks vouches for, with no more than what both the user and the passed policies allow. */
export const getFederationToken = (ports: StsPorts) =>
  operation<GetFederationTokenRequest, GetFederationTokenResponse>(
    'GetFederationToken',
    async (input, { caller }) => {
      const { accountId } = caller
      const { Name: name } = input
      const passed = readPassed(ports, accountId, input)
      const { Credentials, PackedPolicySize = 0 } = makeSession(ports, {
        ...{ kind: 'federated user', accountId, ownerId: ownerOf(caller), name, sourceIdentity: null },
        ...{ passed, seconds: secondsOf(input.DurationSeconds, caller) },
      })
      return {
        Credentials,
        FederatedUser: {
          FederatedUserId: `${accountId}:${name}`,
          Arn: `arn:aws:sts::${accountId}:federated-user/${name}`,
        },
        PackedPolicySize,
      }
    },
  )

/** The user's id, or the account's for the root user, whose user id it is. */
function ownerOf({ userId }: Caller): string {
  return userId
}

/** The root user's sessions end after an hour, whatever was asked for. */
function secondsOf(asked: number | undefined, { identity }: Caller): number {
  const seconds = asked ?? USER_SESSION_SECONDS_DEFAULT
  return identity?.principal.kind === 'user' ? seconds : Math.min(seconds, ROOT_SESSION_SECONDS_MAX)
}
