import type { Violation } from '../../api/model.ts'
import { describeViolations } from '../../api/validation-text.ts'
import { validationError } from './errors.ts'

/** The model's patterns of names, and of paths, for which IAM has words of its own. */
const NAME_PATTERN = '[\\w+=,.@-]+'
const PATH_PATTERN = '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)'

/** IAM's error for an input that is not as the model requires: it tells all that is wrong. */
export function refuseInput(first: Violation, all: readonly Violation[]): Error {
  if (all.length === 1 && first.kind === 'pattern') {
    const member = first.path.charAt(0).toLowerCase() + first.path.slice(1)
    const start = `The specified value for ${member} is invalid. It must`
    if (first.pattern === NAME_PATTERN) {
      return validationError(`${start} contain only alphanumeric characters and/or the following: +=,.@_-`)
    }
    if (first.pattern === PATH_PATTERN) {
      return validationError(
        `${start} begin and end with / and contain only alphanumeric characters and/or / characters.`,
      )
    }
  }
  return validationError(describeViolations(all))
}
