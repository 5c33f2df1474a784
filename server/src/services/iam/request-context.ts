import type { Identity } from '../../api/identity.ts'
import type { Caller } from '../../api/operation.ts'
import { principalKeys } from '../../policy/principal-keys.ts'

type Entries = readonly (readonly [key: string, values: string | readonly string[]])[]

/** What conditions of policies may ask about who asks, and when: entries for `contextOf`. */
export function callerContext(identity: Identity, caller: Caller, now: number): Entries {
  const { principal, session } = identity
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
    ...(session === null ? [] : sessionEntries(session)),
  ]
}

/** `aws:RequestTag/team` for the tag `team`, and so on. */
export function tagEntries(prefix: string, tags: Readonly<Record<string, string>>): Entries {
  return Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value])
}

function sessionEntries({ issuedAt, sourceIdentity }: NonNullable<Identity['session']>): Entries {
  return [
    ['aws:TokenIssueTime', new Date(issuedAt).toISOString()],
    ['aws:MultiFactorAuthPresent', 'false'],
    ...(sourceIdentity === null ? [] : [['aws:SourceIdentity', sourceIdentity] as const]),
  ]
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1)
}
