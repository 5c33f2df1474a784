import type { Violation } from '../../api/model.ts'
import { ServiceError } from '../../api/service-error.ts'
import { ValidationError } from './errors.ts'

/** SNS's error for an input that lacks what the model requires, in the words of AWS's validator: it tells all of them. */
export function refuseInput(_first: Violation, all: readonly Violation[]): Error {
  const details = all.map(describe).join('; ')
  const count = `${all.length} validation error${all.length === 1 ? '' : 's'} detected`
  return new ServiceError(ValidationError, `${count}: ${details}`)
}

function describe(violation: Violation): string {
  const at = inCamelCase(violation.path)
  if (violation.kind === 'missing') {
    return `Value null at '${at}' failed to satisfy constraint: Member must not be null`
  }
  return `Value '${String(violation.value)}' at '${at}' failed to satisfy constraint: Member has an invalid value`
}

/** Members begin with a small letter; positions and keys, which stand before `member`, are as they are. */
function inCamelCase(path: string): string {
  const parts = path.split('.')
  return parts
    .map((part, i) => (parts[i + 1] === 'member' ? part : part.charAt(0).toLowerCase() + part.slice(1)))
    .join('.')
}
