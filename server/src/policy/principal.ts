/** Who asks. Account ids have twelve digits; `id` and such are the unique ids that IAM gives users and roles (`AIDA…`, `AROA…`). */
export type Principal =
  | AccountRoot
  | User
  | RoleSession
  | FederatedUser
  | ServicePrincipal
  | FederatedIdentity
  | Anonymous

/** The account itself. */
export interface AccountRoot {
  readonly kind: 'root'
  readonly accountId: string
  /** `arn:aws:iam::123456789012:root` */
  readonly arn: string
}

/** A user of IAM, with long-term credentials or those of GetSessionToken. */
export interface User {
  readonly kind: 'user'
  readonly accountId: string
  /** `arn:aws:iam::123456789012:user/path/name` */
  readonly arn: string
  readonly id: string
}

/** Whoever assumed a role. */
export interface RoleSession {
  readonly kind: 'role session'
  readonly accountId: string
  /** `arn:aws:sts::123456789012:assumed-role/role/session` */
  readonly arn: string
  readonly roleArn: string
  readonly roleId: string
}

/** A session of GetFederationToken. */
export interface FederatedUser {
  readonly kind: 'federated user'
  readonly accountId: string
  /** `arn:aws:sts::123456789012:federated-user/name` */
  readonly arn: string
  /** The user whose permissions it has; null where that is the account itself. */
  readonly user: User | null
}

/** An AWS service that acts for itself, such as SNS when it sends to a queue. */
export interface ServicePrincipal {
  readonly kind: 'service'
  /** `sns.amazonaws.com` */
  readonly name: string
}

/** Someone whom an identity provider vouches for, and who has no session yet: AssumeRoleWithWebIdentity, AssumeRoleWithSAML. */
export interface FederatedIdentity {
  readonly kind: 'federated identity'
  /** `accounts.google.com`, or the provider's ARN. */
  readonly provider: string
}

/** Nobody signed the request. */
export interface Anonymous {
  readonly kind: 'anonymous'
}

/** The account that a principal belongs to; null for those that belong to none. */
export function accountOf(principal: Principal): string | null {
  switch (principal.kind) {
    case 'root':
    case 'user':
    case 'role session':
    case 'federated user':
      return principal.accountId
    case 'service':
    case 'federated identity':
    case 'anonymous':
      return null
    default:
      return principal satisfies never
  }
}
