import { tagEntries } from '../../../api/access.ts'
import type { AssumeRoleRequest, AssumeRoleResponse } from '../../../api/generated/sts.ts'
import type { Identity } from '../../../api/identity.ts'
import { type Caller, operation } from '../../../api/operation.ts'
import { RequestConditions } from '../../../api/request-conditions.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { bareDenialText } from '../../../policy/denial-text.ts'
import { evaluate } from '../../../policy/evaluate.ts'
import { contextOf, contextWithin, type RequestContext } from '../../../policy/request-context.ts'
import { arnOf, parseArn } from '../arn.ts'
import type { RoleAsTrusted } from '../commands.ts'
import { compiledPolicy, compileText } from '../compiled-policies.ts'
import { NoSuchEntity } from '../errors.ts'
import { CHAINED_SESSION_SECONDS_MAX, ROLE_SESSION_SECONDS_DEFAULT } from '../limits.ts'
import { makeSession, readPassed } from '../new-session.ts'
import { ask, type StsPorts } from '../ports.ts'
import type { PassedForSession } from '../session.ts'
import { accessDenied, invalidParameter, validationError } from '../sts-errors.ts'

/** Credentials of a role, for whom its trust policy lets have them. */
export const assumeRole = (ports: StsPorts) =>
  operation<AssumeRoleRequest, AssumeRoleResponse>('AssumeRole', async (input, request) => {
    const { caller } = request
    const { RoleArn, RoleSessionName: name } = input
    const place = parseArn(RoleArn)
    if (place?.type !== 'role') throw validationError(`${RoleArn} is invalid`)
    const { identity } = caller
    const passed = readPassed(ports, place.accountId, input)
    refuseTransitive(passed, identity)
    const found = await findRole(ports, RoleArn)
    if (identity !== undefined) {
      if (identity.principal.kind === 'root') throw accessDenied('Roles may not be assumed by root accounts.')
      if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
        throw accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code.')
      }
      const context = contextWithin(
        contextOf(requestContext(input, passed, found)),
        new RequestConditions(identity, request, ports.now()),
      )
      authorize({ identity, found, RoleArn, context }, actionsOf(input))
    }
    if (found === null) throw accessDenied(`Role ${RoleArn} does not exist.`)
    const { role } = found
    const { accountId, id: ownerId } = role
    const sourceIdentity = sourceIdentityOf(input, caller, RoleArn)
    const { Credentials, PackedPolicySize } = makeSession(ports, {
      ...{ kind: 'role', accountId, ownerId, name, sourceIdentity },
      passed: withInherited(passed, identity),
      seconds: secondsOf(input, found, identity),
    })
    return {
      Credentials,
      AssumedRoleUser: {
        AssumedRoleId: `${ownerId}:${name}`,
        Arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${name}`,
      },
      ...(PackedPolicySize !== undefined && { PackedPolicySize }),
      ...(sourceIdentity !== null && { SourceIdentity: sourceIdentity }),
    }
  })

/** Null where there is none: AWS tells no one whether there is. */
async function findRole(ports: StsPorts, arn: string): Promise<RoleAsTrusted | null> {
  const place = parseArn(arn)!
  try {
    const { accountId, name } = place
    const found = await ask(ports, { service: 'iam', kind: 'getRole', accountId, name })
    return arnOf('role', found.role) === arn ? found : null
  } catch (error) {
    if (error instanceof ServiceError && error.shape === NoSuchEntity) return null
    throw error
  }
}

/** Tags that the calling session passes on are not to be set again. */
function refuseTransitive({ tags }: PassedForSession, identity: Identity | undefined): void {
  const inherited = Object.keys(identity?.session?.transitiveTags ?? {}).map((key) => key.toLowerCase())
  if (Object.keys(tags).some((key) => inherited.includes(key.toLowerCase()))) {
    throw invalidParameter(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  }
}

function withInherited(passed: PassedForSession, identity: Identity | undefined): PassedForSession {
  const inherited = identity?.session?.transitiveTags ?? {}
  return {
    ...passed,
    tags: { ...inherited, ...passed.tags },
    transitiveTagKeys: [...Object.keys(inherited), ...passed.transitiveTagKeys],
  }
}

/** Each of them has to be allowed. */
function actionsOf({ Tags = [], SourceIdentity }: AssumeRoleRequest): readonly string[] {
  return [
    'sts:AssumeRole',
    ...(Tags.length > 0 ? ['sts:TagSession'] : []),
    ...(SourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
}

interface Asked {
  readonly identity: Identity
  readonly found: RoleAsTrusted | null
  readonly RoleArn: string
  readonly context: RequestContext
}

function authorize({ identity, found, RoleArn, context }: Asked, actions: readonly string[]): void {
  for (const action of actions) {
    const isAllowed =
      found !== null &&
      evaluate({
        ...{ action, caller: identity.permissions(), context },
        target: { arn: RoleArn, accountId: found.role.accountId, policy: trustOf(found), kind: 'role' },
      }).kind === 'allowed'
    if (!isAllowed) throw accessDenied(bareDenialText(identity.principal, action, RoleArn))
  }
}

function trustOf({ role, trust }: RoleAsTrusted) {
  return trust === role.trust.text ? compiledPolicy(role.trust, 'trust') : compileText(trust, 'trust')
}

function requestContext(
  { RoleSessionName, ExternalId, SourceIdentity, TransitiveTagKeys = [] }: AssumeRoleRequest,
  { tags }: PassedForSession,
  found: RoleAsTrusted | null,
) {
  const keys = Object.keys(tags)
  return [
    ['sts:RoleSessionName', RoleSessionName],
    ...(ExternalId === undefined ? [] : ([['sts:ExternalId', ExternalId]] as const)),
    ...(SourceIdentity === undefined ? [] : ([['sts:SourceIdentity', SourceIdentity]] as const)),
    ...(keys.length === 0 ? [] : ([['aws:TagKeys', keys]] as const)),
    ...(TransitiveTagKeys.length === 0 ? [] : ([['sts:TransitiveTagKeys', TransitiveTagKeys]] as const)),
    ...tagEntries('aws:RequestTag', tags),
    ...tagEntries('aws:ResourceTag', found?.role.tags ?? {}),
    ...tagEntries('iam:ResourceTag', found?.role.tags ?? {}),
  ] as const
}

/** It stays what it was set to first. */
function sourceIdentityOf({ SourceIdentity }: AssumeRoleRequest, caller: Caller, arn: string): string | null {
  const inherited = caller.identity?.session?.sourceIdentity ?? null
  if (inherited === null) return SourceIdentity ?? null
  if (SourceIdentity !== undefined && SourceIdentity !== inherited) {
    throw accessDenied(
      `User: ${caller.principalArn} is not authorized to perform: sts:SetSourceIdentity on resource: ${arn}`,
    )
  }
  return inherited
}

function secondsOf(
  { DurationSeconds: seconds = ROLE_SESSION_SECONDS_DEFAULT }: AssumeRoleRequest,
  { role }: RoleAsTrusted,
  identity: Identity | undefined,
): number {
  if (identity?.session?.kind === 'role' && seconds > CHAINED_SESSION_SECONDS_MAX) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    )
  }
  if (seconds > role.maxSessionSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  }
  return seconds
}
