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

const SIGNATURE = ', Signature='
const SIGNATURE_CHARACTERS = 64

interface Kept {
  /** All before the signature, which is what changes from request to request of a client on one day. */
  readonly start: string
  readonly parsed: Authorization
}

/**
 * Each header has one place here, by its length and some characters of its credential; who comes upon another one there is taken apart anew. A Map
 * would hash two or three hundred characters each time, which takes ten times as long as comparing them.
 */
const kept: (Kept | undefined)[] = new Array(AUTHORIZATIONS_MAX).fill(undefined)

const CREDENTIAL_AT = `${ALGORITHM} Credential=`.length
/** Where the key id has as many characters as AWS's, the service of most regions is within. */
const CREDENTIAL_CHARACTERS = 48

/** Throws IncompleteSignature where a parameter has no value. */
export function parseAuthorization(authorization: string): Authorization {
  const signatureAt = authorization.length - SIGNATURE_CHARACTERS
  const isKept =
    signatureAt >= CREDENTIAL_AT + CREDENTIAL_CHARACTERS && signatureAt <= AUTHORIZATION_KEPT_CHARACTERS_MAX
  if (!isKept) return parse(authorization)
  const start = authorization.slice(0, signatureAt)
  const signature = authorization.slice(signatureAt)
  const place = placeOf(start)
  const known = kept[place]
  // Who puts more behind the signature, or spaces, has it taken apart the long way.
  if (known?.start === start && !signature.includes(',') && !signature.includes(' ')) {
    const { algorithm, credential, signedHeaders } = known.parsed
    return { algorithm, credential, signedHeaders, signature }
  }
  const parsed = parse(authorization)
  if (parsed.signature === signature && start.endsWith(SIGNATURE)) kept[place] = { start, parsed }
  return parsed
}

function placeOf(start: string): number {
  const end = CREDENTIAL_AT + CREDENTIAL_CHARACTERS
  let mixed = start.length
  // Beginning with the third, so that the middle of the service's name is asked for in regions such as us-east-1: sqs and sns have one length.
  for (let i = CREDENTIAL_AT + 2; i < end; i += 3) mixed = (Math.imul(mixed, 31) + start.charCodeAt(i)) | 0
  return (mixed >>> 0) % AUTHORIZATIONS_MAX
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
