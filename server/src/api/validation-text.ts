import type { Constraint, Violation } from './model.ts'

/** A value that was refused is part of the answer, but no more of it than this. */
const VALUE_CHARACTERS_MAX = 16_384

/**
 * All that is wrong with an input, in the words of the validator that AWS's services share. Of what `isSecret`, the value isn't
 * told.
 */
export function describeViolations(
  violations: readonly Violation[],
  isSecret: (violation: Violation) => boolean = () => false,
): string {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`
  return `${count}: ${violations.map((each) => describe(each, isSecret(each))).join('; ')}`
}

function describe(violation: Violation, isSecret: boolean): string {
  const value = violation.kind === 'missing' ? ' null' : isSecret ? '' : ` '${printed(violation.value)}'`
  return `Value${value} at '${inCamelCase(violation.path)}' failed to satisfy constraint: ${constraintOf(violation)}`
}

function constraintOf(violation: Violation): string {
  if (violation.kind === 'missing') return 'Member must not be null'
  if (violation.kind !== 'parts') return memberMust(violation)
  const subject = { element: 'Member', key: 'Map keys', value: 'Map value' }[violation.part]
  return `${subject} must satisfy constraint: [${violation.constraints.map(memberMust).join(', ')}]`
}

function memberMust(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'choice':
      return `Member must satisfy enum value set: [${constraint.choices.join(', ')}]`
    case 'pattern':
      return `Member must satisfy regular expression pattern: ${constraint.pattern}`
    case 'tooShort':
      return `Member must have length greater than or equal to ${constraint.min}`
    case 'tooLong':
      return `Member must have length less than or equal to ${constraint.max}`
    case 'tooSmall':
      return `Member must have value greater than or equal to ${constraint.min}`
    case 'tooLarge':
      return `Member must have value less than or equal to ${constraint.max}`
    default:
      return constraint satisfies never
  }
}

/** As Java prints it, which AWS's validator is written in. */
function printed(value: unknown): string {
  const text = print(value, VALUE_CHARACTERS_MAX)
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}...` : text
}

/** Whole, or the beginning of it that is longer than `limit`. */
function print(value: unknown, limit: number): string {
  if (value instanceof Uint8Array) {
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`
  }
  if (Array.isArray(value)) return printList('[', value, ']', limit)
  if (typeof value !== 'object' || value === null) return String(value)
  return printList('{', Object.entries(value), '}', limit, ([key, part]) => `${key}=${print(part, limit)}`)
}

function printList<Part>(
  begin: string,
  parts: readonly Part[],
  end: string,
  limit: number,
  printPart = (part: Part) => print(part, limit),
): string {
  let text = begin
  for (const part of parts) {
    if (text.length > limit) return text
    text += `${text === begin ? '' : ', '}${printPart(part)}`
  }
  return text + end
}

/** Members begin with a small letter; positions and keys, which stand before `member`, are as they are. */
function inCamelCase(path: string): string {
  const parts = path.split('.')
  return parts
    .map((part, i) => (parts[i + 1] === 'member' ? part : part.charAt(0).toLowerCase() + part.slice(1)))
    .join('.')
}
