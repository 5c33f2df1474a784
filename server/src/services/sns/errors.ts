import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import type { DataKeyProblem, DataKeyRefused } from '../../core/data-keys.ts'

/** Every error SNS tells a client, by its code in the Query protocol, the only one SNS has. */
const client = (code: string, status = 400) =>
  ({ code, status, fault: 'client' }) as const satisfies ErrorShape

export const AuthorizationError = client('AuthorizationError', 403)
export const BatchEntryIdsNotDistinct = client('BatchEntryIdsNotDistinct')
export const BatchRequestTooLong = client('BatchRequestTooLong')
export const EmptyBatchRequest = client('EmptyBatchRequest')
export const EndpointDisabled = client('EndpointDisabled')
export const FilterPolicyLimitExceeded = client('FilterPolicyLimitExceeded', 403)
export const InvalidBatchEntryId = client('InvalidBatchEntryId')
export const InvalidParameter = client('InvalidParameter')
export const InvalidState = client('InvalidState')
export const KMSAccessDenied = client('KMSAccessDenied')
export const KMSDisabled = client('KMSDisabled')
export const KMSInvalidState = client('KMSInvalidState')
export const KMSNotFound = client('KMSNotFound')
export const NotFound = client('NotFound', 404)
export const OptedOut = client('OptedOut')
export const ParameterValueInvalid = client('ParameterValueInvalid')
export const PlatformApplicationDisabled = client('PlatformApplicationDisabled')
export const ReplayLimitExceeded = client('ReplayLimitExceeded', 403)
export const ResourceNotFound = client('ResourceNotFound', 404)
export const SubscriptionLimitExceeded = client('SubscriptionLimitExceeded', 403)
export const TagLimitExceeded = client('TagLimitExceeded')
export const TooManyEntriesInBatchRequest = client('TooManyEntriesInBatchRequest')
export const TopicLimitExceeded = client('TopicLimitExceeded', 403)
export const UserError = client('UserError')
export const ValidationError = client('ValidationError')
export const VerificationException = client('VerificationException')

/** `Invalid parameter: Subject`, or `Invalid parameter: TopicArn Reason: ...`. */
export const invalidParameter = (what: string, reason?: string) =>
  new ServiceError(
    InvalidParameter,
    `Invalid parameter: ${what}${reason === undefined ? '' : ` Reason: ${reason}`}`,
  )

/** AWS has no word for a key that is for something else, nor for a body that can't be opened. */
const KEY_PROBLEMS: Readonly<Record<DataKeyProblem, ErrorShape>> = {
  'not found': KMSNotFound,
  disabled: KMSDisabled,
  'invalid state': KMSInvalidState,
  'access denied': KMSAccessDenied,
  'invalid key usage': KMSInvalidState,
  'invalid ciphertext': KMSInvalidState,
  unavailable: KMSInvalidState,
}

/** Why a topic's key is of no use, as KMS says it. */
export const keyRefusal = (refused: DataKeyRefused) =>
  new ServiceError(KEY_PROBLEMS[refused.problem], refused.message)

export const notAuthorized = (user: string, action: string, resource: string) =>
  new ServiceError(
    AuthorizationError,
    `User: ${user} is not authorized to perform: SNS:${action} on resource: ${resource} because no resource-based policy allows the SNS:${action} action`,
  )

export const topicDoesNotExist = () => new ServiceError(NotFound, 'Topic does not exist')

export const subscriptionDoesNotExist = () => new ServiceError(NotFound, 'Subscription does not exist')

export const applicationDoesNotExist = () => new ServiceError(NotFound, 'PlatformApplication does not exist')

export const platformEndpointDoesNotExist = () => new ServiceError(NotFound, 'Endpoint does not exist')
