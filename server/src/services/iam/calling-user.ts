import type { Caller } from '../../api/operation.ts'
import { parseArn } from './arn.ts'
import { validationError } from './errors.ts'

/** The name of the user who asks, where a request names nobody; null for the root user. */
export function callingUser({ identity, principalArn }: Caller): string | null {
  // Who had to show nothing is taken for the root user.
  const kind = identity?.principal.kind ?? 'root'
  if (kind === 'root') return null
  const user = parseArn(principalArn)
  if (kind === 'user' && user !== undefined) return user.name
  throw validationError('Must specify userName when calling with non-User credentials')
}
