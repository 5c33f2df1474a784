import { type ErrorShape, ServiceError } from '../../api/service-error.ts'

/** Every error STS tells a client, by its code in the Query protocol, the only one STS has. */
const client = (code: string, status = 400) =>
  ({ code, status, fault: 'client' }) as const satisfies ErrorShape

export const AccessDenied = client('AccessDenied', 403)
export const InvalidAuthorizationMessage = client('InvalidAuthorizationMessageException')
export const InvalidParameterValue = client('InvalidParameterValue')
export const MalformedPolicyDocument = client('MalformedPolicyDocument')
export const OutboundWebIdentityFederationDisabled = client(
  'OutboundWebIdentityFederationDisabledException',
  403,
)
export const PackedPolicyTooLarge = client('PackedPolicyTooLarge')
/** Not AWS's: what it serves and we don't. */
export const UnsupportedOperation = client('UnsupportedOperation')
export const ValidationError = client('ValidationError')

export const accessDenied = (message: string) => new ServiceError(AccessDenied, message)

export const invalidParameter = (message: string) => new ServiceError(InvalidParameterValue, message)

export const validationError = (message: string) => new ServiceError(ValidationError, message)

export const malformedPolicy = (message: string) => new ServiceError(MalformedPolicyDocument, message)

/** Of the space that policies and tags have together. */
export const packedTooLarge = (percent: number) =>
  new ServiceError(
    PackedPolicyTooLarge,
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  )

export const invalidAuthorizationMessage = () =>
  new ServiceError(
    InvalidAuthorizationMessage,
    'The message is invalid: it is none that was encoded here, or it was changed since.',
  )

export const outboundFederationDisabled = () =>
  new ServiceError(
    OutboundWebIdentityFederationDisabled,
    'Outbound web identity federation is not enabled for this account.',
  )

export const unsupported = (operation: string, why: string) =>
  new ServiceError(UnsupportedOperation, `${operation} is not supported here: ${why}.`)
