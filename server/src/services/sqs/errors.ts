import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import type { DataKeyProblem, DataKeyRefused } from '../../core/data-keys.ts'

/**
 * Every error SQS tells a client. `code` is what JSON clients see in `__type`; `queryCode` what Query clients see, and
 * what JSON clients of the older generation read from `x-amzn-query-error`. Statuses are those of Amazon's model.
 */
const client = (code: string, queryCode: string = code, status = 400) =>
  ({ code, queryCode, status, fault: 'client' }) as const satisfies ErrorShape

const legacy = (name: string) => `AWS.SimpleQueueService.${name}`

export const AccessDenied = client('AccessDeniedException', 'AccessDenied', 403)
export const BatchEntryIdsNotDistinct = client('BatchEntryIdsNotDistinct', legacy('BatchEntryIdsNotDistinct'))
export const BatchRequestTooLong = client('BatchRequestTooLong', legacy('BatchRequestTooLong'))
export const EmptyBatchRequest = client('EmptyBatchRequest', legacy('EmptyBatchRequest'))
export const InvalidAddress = client('InvalidAddress', 'InvalidAddress', 404)
export const InvalidAttributeName = client('InvalidAttributeName')
export const InvalidAttributeValue = client('InvalidAttributeValue')
export const InvalidBatchEntryId = client('InvalidBatchEntryId', legacy('InvalidBatchEntryId'))
export const InvalidMessageContents = client('InvalidMessageContents')
export const InvalidParameterValue = client('InvalidParameterValueException', 'InvalidParameterValue')
/** What an endpoint that serves one operation alone says of the others. */
export const InvalidRequest = client('InvalidRequest')
export const KmsAccessDenied = client('KmsAccessDenied', 'KMS.AccessDeniedException')
export const KmsDisabled = client('KmsDisabled', 'KMS.DisabledException')
export const KmsInvalidKeyUsage = client('KmsInvalidKeyUsage', 'KMS.InvalidKeyUsageException')
export const KmsInvalidState = client('KmsInvalidState', 'KMS.InvalidStateException')
export const KmsNotFound = client('KmsNotFound', 'KMS.NotFoundException')
export const MessageNotInflight = client('MessageNotInflight', legacy('MessageNotInflight'))
export const MissingParameter = client('MissingRequiredParameterException', 'MissingParameter')
export const OverLimit = client('OverLimit', 'OverLimit', 403)
export const PurgeQueueInProgress = client('PurgeQueueInProgress', legacy('PurgeQueueInProgress'), 403)
export const QueueDeletedRecently = client('QueueDeletedRecently', legacy('QueueDeletedRecently'))
export const QueueDoesNotExist = client('QueueDoesNotExist', legacy('NonExistentQueue'))
export const QueueNameExists = client('QueueNameExists', 'QueueAlreadyExists')
export const ReceiptHandleIsInvalid = client('ReceiptHandleIsInvalid', 'ReceiptHandleIsInvalid', 404)
export const RequestThrottled = client('RequestThrottled', 'RequestThrottled', 403)
export const ResourceNotFound = client('ResourceNotFoundException', 'ResourceNotFoundException', 404)
export const TooManyEntriesInBatchRequest = client(
  'TooManyEntriesInBatchRequest',
  legacy('TooManyEntriesInBatchRequest'),
)
export const UnsupportedOperation = client('UnsupportedOperation', legacy('UnsupportedOperation'))

/** The missing-queue error, whose text differs between the protocols. */
export const queueDoesNotExist = () =>
  new ServiceError(
    QueueDoesNotExist,
    'The specified queue does not exist.',
    'The specified queue does not exist for this wsdl version.',
  )

export const missingParameter = (name: string) =>
  new ServiceError(MissingParameter, `The request must contain the parameter ${name}.`)

/** `entryShape` is named as in Query, in both protocols. */
export const emptyBatch = (entryShape: string) =>
  new ServiceError(EmptyBatchRequest, `There should be at least one ${entryShape} in the request.`)

/** `Value 11 for parameter MaxNumberOfMessages is invalid. Reason: ...` */
export const invalidParameter = (name: string, value: string | number, reason: string) =>
  new ServiceError(
    InvalidParameterValue,
    `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
  )

export const invalidAttributeValue = (name: string, reason?: string) =>
  new ServiceError(
    InvalidAttributeValue,
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  )

export const unknownAttribute = (name: string) =>
  new ServiceError(InvalidAttributeName, `Unknown Attribute ${name}.`)

/** AWS has no word for a body that can't be opened though its key could be used. */
const KEY_PROBLEMS: Readonly<Record<DataKeyProblem, ErrorShape>> = {
  'not found': KmsNotFound,
  disabled: KmsDisabled,
  'invalid state': KmsInvalidState,
  'access denied': KmsAccessDenied,
  'invalid key usage': KmsInvalidKeyUsage,
  'invalid ciphertext': KmsInvalidState,
  unavailable: KmsInvalidState,
}

/** Why a queue's key is of no use, as KMS says it. */
export const keyRefusal = (refused: DataKeyRefused) =>
  new ServiceError(KEY_PROBLEMS[refused.problem], refused.message)

/** What a parameter names by its ARN isn't there. */
export const resourceNotFound = (parameter: 'SourceArn' | 'DestinationArn') =>
  new ServiceError(
    ResourceNotFound,
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  )
