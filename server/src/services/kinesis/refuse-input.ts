import type { Violation } from '../../api/model.ts'
import { ServiceError } from '../../api/service-error.ts'
import { Validation } from './errors.ts'

/** Kinesis's error for an input that is not as the model requires, in the words of AWS's validator: it tells all of them. */
export function refuseInput(_first: Violation, all: readonly Violation[]): Error {
  const details = all.map(describe).join('; ')
  const count = `${all.length} validation error${all.length === 1 ? '' : 's'} detected`
  return new ServiceError(Validation, `${count}: ${details}`)
}

function describe(violation: Violation): string {
  const at = inCamelCase(violation.path)
  const value = violation.kind === 'missing' ? 'null' : `'${String(violation.value)}'`
  return `Value ${value} at '${at}' failed to satisfy constraint: Member must ${constraintOf(violation)}`
}

function constraintOf(violation: Violation): string {
  switch (violation.kind) {
    case 'missing':
      return 'not be null'
    case 'choice':
      return `satisfy enum value set: [${violation.choices.join(', ')}]`
    case 'pattern':
      return `satisfy regular expression pattern: ${violation.pattern}`
    case 'tooShort':
      return `have length greater than or equal to ${violation.min}`
    case 'tooLong':
      return `have length less than or equal to ${violation.max}`
    case 'tooSmall':
      return `have value greater than or equal to ${violation.min}`
    case 'tooLarge':
      return `have value less than or equal to ${violation.max}`
    default:
      return violation satisfies never
  }
}

/** Members begin with a small letter; positions and keys, which stand before `member`, are as they are. */
function inCamelCase(path: string): string {
  const parts = path.split('.')
  return parts
    .map((part, i) => (parts[i + 1] === 'member' ? part : part.charAt(0).toLowerCase() + part.slice(1)))
    .join('.')
}
