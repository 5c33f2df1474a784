import { principalKeys } from '../policy/principal-keys.ts'
import type { Conditions } from './access.ts'
import type { Identity } from './identity.ts'
import type { Request } from './operation.ts'

/**
 * What conditions of policies may ask about any request: who asks, from where, how, and when. `now` is in milliseconds since the epoch.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function requestConditions(
  identity: Identity,
  { caller, origin }: Pick<Request, 'caller' | 'origin'>,
  now: number,
): Conditions {
  const { principal, session } = identity
  const optional = [
    ['aws:SourceIp', origin.address],
    ['aws:UserAgent', origin.headers.get('user-agent')],
    ['aws:referer', origin.headers.get('referer')],
    ['aws:SourceIdentity', session?.sourceIdentity ?? undefined],
  ] as const
  return [
    ...principalKeys(principal, {
      tags: Object.entries(identity.tags()),
      userName: principal.kind === 'user' ? lastPart(principal.arn, '/') : null,
      sessionName: lastPart(caller.userId, ':'),
    }),
    ['aws:ViaAWSService', 'false'],
    ['aws:RequestedRegion', caller.region],
    ['aws:CurrentTime', new Date(now).toISOString()],
    ['aws:EpochTime', String(Math.floor(now / 1000))],
    ['aws:SecureTransport', String(origin.isSecure)],
    ...optional.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
    ...(session === null
      ? []
      : [
          ['aws:TokenIssueTime', new Date(session.issuedAt).toISOString()] as const,
          ['aws:MultiFactorAuthPresent', 'false'] as const,
        ]),
  ]
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1)
}
