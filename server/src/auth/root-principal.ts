/** The account that exists from the first start. */
export const ROOT_ACCOUNT_ID = '000000000000'

export interface Principal {
  /** Twelve digits. */
  readonly accountId: string
  readonly userId: string
  readonly principalArn: string
}

/** The root user of an account. As with AWS, its unique id is the account's. */
export function rootPrincipal(accountId: string): Principal {
  return { accountId, userId: accountId, principalArn: `arn:aws:iam::${accountId}:root` }
}
