import type { Caller } from '../api/operation.ts'

/** Who sends a request without a signature, where that is allowed. */
export const ANONYMOUS: Caller = {
  accountId: '',
  region: '',
  userId: 'anonymous',
  principalArn: 'anonymous',
  isAnonymous: true,
}
