import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import { authorizationDigest, incompleteSignature } from './errors.ts'
import { AUTHORIZATION_KEPT_CHARACTERS_MAX, AUTHORIZATIONS_MAX } from './limits.ts'
import { parseSignedHeaders, type SignedHeaderList } from './signed-headers.ts'

export const ALGORITHM = 'AWS4-HMAC-SHA256'

/** An `Authorization` header taken apart; what isn't there, or is empty, is undefined. */
export interface Authorization {
  readonly algorithm: string
  readonly credential: string | undefined
  readonly signedHeaders: SignedHeaderList | undefined
  readonly signature: string | undefined
}

/** What stands before the signature, which is all that changes from request to request of a client on one day. */
const kept = new TwoGenerationCache<Authorization>(AUTHORIZATIONS_MAX)

const SIGNATURE = ', Signature='
const SIGNATURE_CHARACTERS = 64

/** Throws IncompleteSignature where a parameter has no value. */
export function parseAuthorization(authorization: string): Authorization {
  const end = authorization.length - SIGNATURE.length - SIGNATURE_CHARACTERS
  if (end > AUTHORIZATION_KEPT_CHARACTERS_MAX || !authorization.startsWith(SIGNATURE, end)) {
    return parse(authorization)
  }
  const start = authorization.slice(0, end)
  const signature = authorization.slice(end + SIGNATURE.length)
  const known = kept.get(start)
  // Who puts more behind the signature, or spaces, has it taken apart the long way.
  if (known !== undefined && !signature.includes(',') && !signature.includes(' ')) {
    const { algorithm, credential, signedHeaders } = known
    return { algorithm, credential, signedHeaders, signature }
  }
  const parsed = parse(authorization)
  if (parsed.signature === signature) kept.set(start, parsed)
  return parsed
}

function parse(authorization: string): Authorization {
  const trimmed = authorization.trim()
  const space = trimmed.indexOf(' ')
  const algorithm = space < 0 ? trimmed : trimmed.slice(0, space)
  let credential: string | undefined
  let signedHeaders: string | undefined
  let signature: string | undefined
  for (const untrimmed of space < 0 ? [] : trimmed.slice(space + 1).split(',')) {
    const parameter = untrimmed.trim()
    if (parameter === '') continue
    const equals = parameter.indexOf('=')
    if (equals < 0) {
      throw incompleteSignature(
        'Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with ' +
          `Base64): '${authorizationDigest(authorization)}'.`,
      )
    }
    const value = parameter.slice(equals + 1)
    const name = parameter.slice(0, equals)
    if (name === 'Credential') credential = value
    else if (name === 'SignedHeaders') signedHeaders = value
    else if (name === 'Signature') signature = value
  }
  return {
    algorithm,
    credential,
    signedHeaders: signedHeaders ? parseSignedHeaders(signedHeaders) : undefined,
    signature,
  }
}
