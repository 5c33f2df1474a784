import type { Violation } from '../../api/model.ts'
import { ServiceError } from '../../api/service-error.ts'
import { emptyBatch, InvalidParameterValue, missingParameter } from './errors.ts'

/** `MessageAttributes.NAME.member.DataType`, alone or in a batch entry. */
const ATTRIBUTE_TYPE = /(?:^|\.)MessageAttributes\.(.*)\.member\.DataType$/s

/** SQS's error for an input that lacks what the model requires. SQS tells the first that it finds. */
export function refuseInput(first: Violation): Error {
  if (first.kind !== 'missing') {
    const { queryPath, value } = first
    return new ServiceError(
      InvalidParameterValue,
      `Value ${String(value)} for parameter ${queryPath} is invalid.`,
    )
  }
  // A form can't say that a list is empty: it leaves it out.
  if (first.path === 'Entries') return emptyBatch(first.queryPath)
  if (first.path === 'QueueName') {
    return new ServiceError(
      InvalidParameterValue,
      'Value for parameter QueueName is invalid. Reason: Must specify a queue name.',
    )
  }
  const attribute = ATTRIBUTE_TYPE.exec(first.path)?.[1]
  if (attribute !== undefined) {
    return new ServiceError(
      InvalidParameterValue,
      `Message (user) attribute '${attribute}' must contain a non-empty attribute type.`,
    )
  }
  return missingParameter(first.queryPath)
}
