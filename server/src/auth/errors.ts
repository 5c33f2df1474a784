import { hash } from 'node:crypto'
import { type ErrorShape, ServiceError } from '../api/service-error.ts'

/**
 * What a client is told when its request can't be authenticated. The names of the Query generation are those of AWS's
 * common errors; JSON clients see the names that AWS's JSON services use for the same.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
const client = (code: string, queryCode: string, status: number) =>
  ({ code, queryCode, status, fault: 'client' }) as const satisfies ErrorShape

export const MissingAuthenticationToken = client(
  'MissingAuthenticationTokenException',
  'MissingAuthenticationToken',
  403,
)
export const IncompleteSignature = client('IncompleteSignatureException', 'IncompleteSignature', 400)
export const InvalidClientTokenId = client('UnrecognizedClientException', 'InvalidClientTokenId', 403)
export const SignatureDoesNotMatch = client('InvalidSignatureException', 'SignatureDoesNotMatch', 403)
export const ExpiredToken = client('ExpiredTokenException', 'ExpiredToken', 403)
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html has the code and the status. */
export const TooManyFailures = client('ThrottlingException', 'Throttling', 400)
export const RequestExpired = client('RequestExpired', 'RequestExpired', 400)
export const MalformedQueryString = client('MalformedQueryString', 'MalformedQueryString', 404)

export const missingAuthenticationToken = () =>
  new ServiceError(MissingAuthenticationToken, 'Request is missing Authentication Token')

export const incompleteSignature = (message: string) => new ServiceError(IncompleteSignature, message)

export const invalidClientTokenId = () =>
  new ServiceError(InvalidClientTokenId, 'The security token included in the request is invalid.')

export const expiredToken = () =>
  new ServiceError(ExpiredToken, 'The security token included in the request is expired')

export const tooManyFailures = () => new ServiceError(TooManyFailures, 'Rate exceeded')

export const requestExpired = () => new ServiceError(RequestExpired, 'Request has expired.')

export const malformedQueryString = (sequence: string) =>
  new ServiceError(MalformedQueryString, `Illegal hex character in escape % pattern: ${sequence}`)

export const signatureRefused = (message: string) => new ServiceError(SignatureDoesNotMatch, message)

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.'

/** The mismatch itself. Both strings come from the request alone, so that telling them gives nothing away. */
export const signatureDoesNotMatch = (canonicalRequest: string, stringToSign: string) =>
  signatureRefused(
    `${MISMATCH}\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'\n\n` +
      `The String-to-Sign should have been\n'${stringToSign}'\n`,
  )

export const signedTwice = () => signatureRefused(MISMATCH)

/** AWS names the refused header by its digest, so that no secret that came in it is repeated. */
export const authorizationDigest = (authorization: string) =>
  hash('sha256', Buffer.from(authorization, 'latin1'), 'base64')
