import type { Decision, DenialSource } from './evaluate.ts'
import type { Principal } from './principal.ts'

export type Denial = Extract<Decision, { kind: 'denied' }>

/**
 * What AWS tells whoever is denied: troubleshoot_access-denied. The action is told as it's given; services have their own spelling of it, such as
 * `SNS:Publish`. `resourceArn` is null for actions that are about no resource.
 */
export function denialText(
  principal: Principal,
  action: string,
  resourceArn: string | null,
  denial: Denial,
): string {
  return `${bareDenialText(principal, action, resourceArn)} ${reasonOf(action, denial)}`
}

/** Without the reason: what STS says of roles, and services of resources in accounts that have nothing to do with the caller's. */
export function bareDenialText(principal: Principal, action: string, resourceArn: string | null): string {
  const subject = `User: ${nameOf(principal)} is not authorized to perform: ${action}`
  return resourceArn === null ? subject : `${subject} on resource: ${resourceArn}`
}

function nameOf(principal: Principal): string {
  switch (principal.kind) {
    case 'root':
    case 'user':
    case 'role session':
    case 'federated user':
      return principal.arn
    case 'service':
      return principal.name
    case 'federated identity':
      return principal.provider
    case 'anonymous':
      return 'anonymous'
    default:
      return principal satisfies never
  }
}

function reasonOf(action: string, { explicitly, by }: Denial): string {
  const { none, one } = WORDS[by]
  return explicitly ? `with an explicit deny in ${one}` : `because ${none} allows the ${action} action`
}

const WORDS: Readonly<Record<DenialSource, { none: string; one: string }>> = {
  identity: { none: 'no identity-based policy', one: 'an identity-based policy' },
  resource: { none: 'no resource-based policy', one: 'a resource-based policy' },
  trust: { none: 'no role trust policy', one: 'the role trust policy' },
  boundary: { none: 'no permissions boundary', one: 'a permissions boundary' },
  session: { none: 'no session policy', one: 'a session policy' },
}
