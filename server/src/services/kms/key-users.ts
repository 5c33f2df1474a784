import type { Conditions } from '../../api/access.ts'
import type { Authorizer } from '../../api/authorizer.ts'
import type { Identity } from '../../api/identity.ts'
import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { KeyUser } from '../../core/data-keys.ts'
import type { Scope } from '../../core/scope.ts'
import { accessToKey, type KeyLookup, refuseKeyAccess } from './access.ts'

/** Who has keys used by other services, as policies see it. */
export interface KeyUsers {
  /** Whoever sent a request to a service, such as `sqs`, which then uses the key in that one's name. */
  of(request: Request, through: string): KeyUser
  /** A service that acts for itself, such as `sns`, with what another service has; `source` is what it acts for. */
  ofService(service: string, through: string, source: { readonly arn: string } & Scope): KeyUser
}

/**
 * Holds the use of keys through services against policies, and against grants.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function keyUsersBy(authorizer: Authorizer, keys: KeyLookup): KeyUsers {
  const userOf = (request: Request, through: string, conditions: Conditions): KeyUser => ({
    denial(action, key, context) {
      const access = accessToKey(keys, { action, keyId: key, context, input: {} }, request)
      const via = `${through}.${request.caller.region}.amazonaws.com`
      const known = [...(access.conditions ?? []), ['kms:ViaService', via] as const, ...conditions]
      try {
        authorizer.authorize({ ...access, conditions: known }, request, { refuseAccess: refuseKeyAccess })
        return null
      } catch (error) {
        if (error instanceof ServiceError) return error.message
        throw error
      }
    },
  })
  return {
    of: (request, through) =>
      userOf(request, through, [
        ['aws:ViaAWSService', 'true'],
        ['aws:CalledVia', [`${through}.amazonaws.com`]],
      ]),
    ofService: (service, through, { arn, accountId, region }) =>
      userOf(requestOf(service, { accountId, region }), through, [
        // A service is of no account of a customer's: so none uses a key that AWS would manage for another one.
        ['kms:CallerAccount', []],
        ['aws:SourceArn', arn],
        ['aws:SourceAccount', accountId],
      ]),
  }
}

/** What a service asks for by itself, on nobody's connection. */
function requestOf(service: string, { accountId, region }: Scope): Request {
  const name = `${service}.amazonaws.com`
  return {
    requestId: '',
    caller: { accountId, region, userId: name, principalArn: name, identity: identityOf(name) },
    ...{ endpoint: '', path: '/', traceHeader: undefined, isPermitted: true },
    connection: { closed: false, onClose: () => () => {} },
    recheck: () => {},
    origin: { isSecure: true, address: undefined, headers: new Map<string, string>() },
  }
}

function identityOf(name: string): Identity {
  const principal = { kind: 'service', name } as const
  const permissions = { principal, identityPolicies: [], boundary: null, sessionPolicies: null }
  return { principal, session: null, tags: () => ({}), permissions: () => permissions }
}
