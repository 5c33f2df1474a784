import type { Named } from './entities.ts'

/** ARNs of IAM: without a region, since what they name is everywhere. */

type ResourceType = 'user' | 'group' | 'role' | 'policy'

export function arnOf(
  type: ResourceType,
  { accountId, path, name }: Omit<Named, 'id' | 'createdAt'>,
): string {
  return `arn:aws:iam::${accountId}:${type}${path}${name}`
}

export interface ArnParts {
  readonly type: ResourceType
  /** Twelve digits, or `aws`. */
  readonly accountId: string
  readonly path: string
  readonly name: string
}

const ARN = /^arn:aws:iam::(\d{12}|aws):(user|group|role|policy)(\/(?:[\x21-\x7e]*\/)?)([\w+=,.@-]+)$/

/** Undefined for what is no ARN of such a resource. */
export function parseArn(arn: string): ArnParts | undefined {
  const [, accountId, type, path, name] = ARN.exec(arn) ?? []
  if (accountId === undefined || path === undefined || name === undefined) return undefined
  return { type: type as ResourceType, accountId, path, name }
}
