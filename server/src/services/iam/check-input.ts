import type { Tag } from '../../api/generated/iam.ts'
import type { PolicyDocument } from '../../policy/policy-document.ts'
import type { PolicyKind } from '../../policy/policy-kinds.ts'
import { readPolicy } from '../../policy/read-policy.ts'
import { parseArn } from './arn.ts'
import type { Tags } from './entities.ts'
import { invalidInput, malformedPolicy, policyTooLarge } from './errors.ts'

/** What inputs have to be beside what the model says of them. */

/** Keys are the same whatever their case. */
export function readTags(tags: readonly Tag[] = []): Tags {
  const keys = new Set(tags.map(({ Key }) => Key.toLowerCase()))
  if (keys.size < tags.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  for (const key of keys) {
    if (key.startsWith('aws:')) throw invalidInput('Tag keys that begin with aws: are reserved for AWS.')
  }
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}

/** The same, once it is known to be a managed policy's ARN. */
export function checkPolicyArn(arn: string): string {
  if (parseArn(arn)?.type !== 'policy') throw invalidInput(`ARN ${arn} is not valid.`)
  return arn
}

/** As for `CreateUser`: null where none is given. */
export function readBoundary(arn: string | undefined): string | null {
  return arn === undefined ? null : checkPolicyArn(arn)
}

/** Refuses what is no policy of the kind. */
export function checkPolicy(text: string, kind: PolicyKind): PolicyDocument {
  const read = readPolicy(text, kind)
  if (read.kind === 'read') return read.document
  const { kind: fault, text: message } = read.fault
  throw fault === 'size' ? policyTooLarge(message) : malformedPolicy(message)
}

/** The ARNs of users and roles that a trust policy names. */
export function trustedArns({ statements }: PolicyDocument): readonly string[] {
  const names = statements.flatMap(({ principals }) => principals?.aws ?? [])
  return [...new Set(names)].filter((name) => {
    const type = parseArn(name)?.type
    return type === 'user' || type === 'role'
  })
}

/** `v3` is 3. The model has checked the rest. */
export function versionNumber(versionId: string): number {
  return Number(/^v(\d+)/.exec(versionId)?.[1])
}
