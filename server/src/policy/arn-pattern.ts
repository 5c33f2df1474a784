import { type Pattern, splitPattern } from './pattern.ts'

/** `arn:partition:service:region:account:resource`; the last part may have colons itself. */
const ARN_PARTS = 6

/**
 * A pattern of an ARN with all its parts: those that were left out are `*`, as AWS completes them. So `arn:aws:sqs` is every queue. `*` alone
 * is everything, and stays.
 */
export function completeArnPattern(text: string): string {
  const colons = text.replaceAll(/\$\{[^{}]*\}/g, '').split(':').length - 1
  // What begins with a variable may be a whole ARN.
  if (text === '*' || text.startsWith('${') || colons >= ARN_PARTS - 1) return text
  return text + ':*'.repeat(ARN_PARTS - 1 - colons)
}

/** The six parts of an ARN's pattern; null where it hasn't so many. */
export function splitArnPattern(pattern: Pattern): readonly Pattern[] | null {
  const parts = splitPattern(pattern, ':', ARN_PARTS)
  return parts.length === ARN_PARTS ? parts : null
}

/** The six parts of an ARN; null for anything else. */
export function splitArn(text: string): readonly string[] | null {
  const parts = text.split(':')
  if (parts.length < ARN_PARTS) return null
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')]
}
