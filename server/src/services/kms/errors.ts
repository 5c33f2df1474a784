import type { Reason } from '../../api/model.ts'
import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import { describeViolations } from '../../api/validation-text.ts'
import type { AliasAddress, Asker, KeyAddress } from './commands.ts'
import { aliasArn, keyArn } from './key-arn.ts'

/** Every error KMS tells a client. */
const client = (code: string) => ({ code, status: 400, fault: 'client' }) as const satisfies ErrorShape

export const AccessDenied = client('AccessDeniedException')
export const AlreadyExists = client('AlreadyExistsException')
export const Conflict = client('ConflictException')
export const CustomKeyStoreNotFound = client('CustomKeyStoreNotFoundException')
export const Disabled = client('DisabledException')
export const DryRunOperation = client('DryRunOperationException')
export const IncorrectKey = client('IncorrectKeyException')
export const InvalidArn = client('InvalidArnException')
export const InvalidCiphertext = client('InvalidCiphertextException')
export const InvalidGrantToken = client('InvalidGrantTokenException')
export const InvalidKeyUsage = client('InvalidKeyUsageException')
export const InvalidMarker = client('InvalidMarkerException')
export const KeyUnavailable = {
  code: 'KeyUnavailableException',
  status: 500,
  fault: 'server',
} as const satisfies ErrorShape
export const KMSInvalidMac = client('KMSInvalidMacException')
export const KMSInvalidSignature = client('KMSInvalidSignatureException')
export const KMSInvalidState = client('KMSInvalidStateException')
export const LimitExceeded = client('LimitExceededException')
export const MalformedPolicyDocument = client('MalformedPolicyDocumentException')
export const NotAuthorized = client('NotAuthorizedException')
export const NotFound = client('NotFoundException')
export const Tag = client('TagException')
export const UnsupportedOperation = client('UnsupportedOperationException')
export const Validation = client('ValidationException')

export const invalid = (message: string) => new ServiceError(Validation, message)

/** AWS's validator knows of some constraints that its model doesn't tell. */
export const violates = (parameter: string, reason: Reason) =>
  invalid(describeViolations([{ path: parameter, queryPath: parameter, ...reason }]))

/** Where it is not a request that is wrong but what is asked for: some of this AWS says without a word. */
export const unsupported = (message = '') => new ServiceError(UnsupportedOperation, message)

export const malformedPolicy = (message: string) => new ServiceError(MalformedPolicyDocument, message)

export const tagProblem = (message: string) => new ServiceError(Tag, message)

/** Names of keys. */

export const invalidKeyId = (id: string) => new ServiceError(NotFound, `Invalid keyId '${id}'`)

/** The ARN is of another region than the request. */
export const invalidRegion = (region: string) => new ServiceError(NotFound, `Invalid arn ${region}`)

export const invalidArn = (arn: string) => new ServiceError(InvalidArn, `${arn} is not a valid ARN.`)

export const invalidPrincipal = (principal: string) =>
  new ServiceError(InvalidArn, `ARN does not refer to a valid principal: ${principal}`)

export const keyNotFound = (key: KeyAddress) =>
  new ServiceError(NotFound, `Key '${keyArn(key)}' does not exist`)

export const aliasNotFound = (alias: AliasAddress) =>
  new ServiceError(NotFound, `Alias ${aliasArn(alias)} is not found.`)

export const policyNotFound = () => new ServiceError(NotFound, 'No such policy exists')

export const grantNotFound = (id: string) => new ServiceError(NotFound, `Grant ID ${id} not found`)

export const aliasNotAuthorized = () => new ServiceError(NotAuthorized, '')

const denied = ({ principalArn, action }: Asker, resource: string, why: string) =>
  new ServiceError(
    AccessDenied,
    `User: ${principalArn} is not authorized to perform: kms:${action} on resource: ${resource} because ${why}`,
  )

export const otherAccount = (by: Asker, resource: string) =>
  denied(
    by,
    resource,
    'the resource does not exist in this Region, no resource-based policies allow access, ' +
      'or a resource-based policy explicitly denies access',
  )

export const managedByAws = (by: Asker, key: KeyAddress) =>
  denied(by, keyArn(key), `no resource-based policy allows the kms:${by.action} action`)

export const ciphertextOfUnknownKey = () =>
  new ServiceError(
    AccessDenied,
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, ' +
      'or you are not allowed to access.',
  )

/** States of keys. */

export const keyDisabled = (key: KeyAddress) => new ServiceError(Disabled, `${keyArn(key)} is disabled.`)

export const keyPendingDeletion = (key: KeyAddress) =>
  new ServiceError(KMSInvalidState, `${keyArn(key)} is pending deletion.`)

export const keyNotPendingDeletion = (key: KeyAddress) =>
  new ServiceError(KMSInvalidState, `${keyArn(key)} is not pending deletion.`)

export const wrongOrigin = (key: KeyAddress) =>
  unsupported(`${keyArn(key)} origin is AWS_KMS which is not valid for this operation.`)

export const notPrimary = (key: KeyAddress) =>
  unsupported(`${keyArn(key)} is not a multi-region primary key.`)

export const keyUnavailable = () =>
  new ServiceError(KeyUnavailable, 'The material of the key is not available.')

export const tooManyOnDemandRotations = (key: KeyAddress) =>
  new ServiceError(
    LimitExceeded,
    'The on-demand rotations limit has been reached for the given keyId. ' +
      `No more on-demand rotations can be performed for this key: ${keyArn(key)}`,
  )

export const rotationConflict = (key: KeyAddress) =>
  new ServiceError(
    Conflict,
    `An automatic rotation of ${keyArn(key)} is scheduled to begin within the next 20 minutes.`,
  )

/** Usages of keys. */

export const wrongUsage = (key: KeyAddress, usage: string, operation: string) =>
  new ServiceError(
    InvalidKeyUsage,
    `${keyArn(key)} key usage is ${usage} which is not valid for ${operation}.`,
  )

export const wrongSpec = (key: KeyAddress, spec: string, operation: string) =>
  new ServiceError(InvalidKeyUsage, `${keyArn(key)} key spec is ${spec} which is not valid for ${operation}.`)

export const incompatibleAlgorithm = (algorithm: string, spec: string) =>
  new ServiceError(InvalidKeyUsage, `Algorithm ${algorithm} is incompatible with key spec ${spec}.`)

/** Ciphertexts, signatures and MACs that aren't what they should be, of which AWS says no more. */

export const invalidCiphertext = () => new ServiceError(InvalidCiphertext, '')
export const invalidSignature = () => new ServiceError(KMSInvalidSignature, '')
export const invalidMac = () => new ServiceError(KMSInvalidMac, '')

export const incorrectKey = () =>
  new ServiceError(
    IncorrectKey,
    'The key ID in the request does not identify a CMK that can perform this operation.',
  )

export const dryRunSucceeded = () =>
  new ServiceError(DryRunOperation, 'The request would have succeeded, but the DryRun option is set.')

/** Aliases, grants, lists and quotas. */

export const aliasExists = (alias: AliasAddress) =>
  new ServiceError(AlreadyExists, `An alias with the name ${aliasArn(alias)} already exists`)

export const aliasNeedsSameKind = (alias: AliasAddress, key: KeyAddress) =>
  invalid(
    `${aliasArn(alias)} can not be associated with ${keyArn(key)}: ` +
      'the current and the new key must be both symmetric, both asymmetric or both HMAC, and have the same key usage.',
  )

export const invalidGrantToken = () => new ServiceError(InvalidGrantToken, 'The grant token is not valid.')

export const invalidMarker = () => new ServiceError(InvalidMarker, 'The marker is not valid.')

export const customKeyStoreNotFound = (store: string) =>
  new ServiceError(CustomKeyStoreNotFound, `Custom key store ${store} was not found.`)

export const limitExceeded = (message: string) => new ServiceError(LimitExceeded, message)

export const tooManyKeys = (max: number) =>
  limitExceeded(`The account has ${max} KMS keys in this Region, which is as many as it may have.`)

export const tooManyAliases = (key: KeyAddress, max: number) =>
  limitExceeded(`${keyArn(key)} has ${max} aliases, which is as many as it may have.`)

export const tooManyGrants = (key: KeyAddress, max: number) =>
  limitExceeded(`${keyArn(key)} has ${max} grants, which is as many as it may have.`)
