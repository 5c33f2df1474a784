import type { Caller } from '../api/operation.ts'
import type { Authenticator } from './authenticator.ts'
import { DEFAULT_REGION, isRegion } from './region.ts'
import { ROOT_ACCOUNT_ID, rootPrincipal } from './root-principal.ts'
import type { SignedHeaders, SignedRequest } from './signature-claim.ts'

const ACCOUNT_ID = /^\d{12}$/
// No part goes beyond the next equals sign: else `Credential=Credential=…` would be read to its end from each of them.
const HEADER_CREDENTIAL = /Credential=\s*([^/,\s=]+)\/[^/,\s=]*\/([^/,\s=]+)\//
const QUERY_CREDENTIAL = /(?:^|&)X-Amz-Credential=([^/&%]+)(?:\/|%2F)[^/&%]*(?:\/|%2F)([^/&%]+)(?:\/|%2F)/i

/**
 * For `--auth off`: every request is the root user's, signed or not; no signature is checked and no key is looked up.
 * The credential still says which region is meant. An access key id of twelve digits names an account: with other
 * emulators that is how one client works in several accounts. With authentication on it's an ordinary unknown key.
 */
export class TrustingAuthenticator implements Authenticator {
  authenticate(request: SignedRequest): Caller {
    const credential =
      HEADER_CREDENTIAL.exec(authorizationOf(request.headers)) ?? QUERY_CREDENTIAL.exec(request.query)
    const keyId = credential?.[1] ?? ''
    const region = credential?.[2] ?? ''
    return {
      ...rootPrincipal(ACCOUNT_ID.test(keyId) ? keyId : ROOT_ACCOUNT_ID),
      region: isRegion(region) ? region : DEFAULT_REGION,
    }
  }
}

function authorizationOf({ names, values }: SignedHeaders): string {
  return values[names.indexOf('authorization')] ?? ''
}
