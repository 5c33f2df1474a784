import type { Violation } from '../../api/model.ts'
import { ServiceError } from '../../api/service-error.ts'
import { describeViolations } from '../../api/validation-text.ts'
import { ValidationError } from './errors.ts'

/** SNS's error for an input that lacks what the model requires: it tells all that is wrong. */
export function refuseInput(_first: Violation, all: readonly Violation[]): Error {
  return new ServiceError(ValidationError, describeViolations(all))
}
