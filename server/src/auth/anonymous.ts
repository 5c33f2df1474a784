import type { Caller } from '../api/operation.ts'
import type { SignedRequest } from './signature-claim.ts'

/** Who asks without a signature for what may be asked for so: somebody who follows a link that they were sent. */
export const ANONYMOUS: Caller = {
  accountId: 'anonymous',
  region: '',
  userId: 'anonymous',
  principalArn: 'Anonymous',
  isAnonymous: true,
}

/** Whether a request does not even claim to be signed. One that does is to be verified. */
export function isUnsigned({ headers, query }: SignedRequest): boolean {
  return (
    !headers.names.includes('authorization') &&
    !/(?:^|&)X-Amz-(?:Algorithm|Credential|Signature)=/i.test(query)
  )
}
