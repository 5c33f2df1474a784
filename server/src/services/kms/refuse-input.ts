import type { Violation } from '../../api/model.ts'
import { ServiceError } from '../../api/service-error.ts'
import { describeViolations } from '../../api/validation-text.ts'
import { Validation } from './errors.ts'

/** What the model calls sensitive: it isn't told back. */
const SECRETS: ReadonlySet<string> = new Set([
  'KeyStorePassword',
  'Message',
  'Plaintext',
  'RawSecretAccessKey',
  'AccessKeyId',
])

/** KMS's error for an input that is not as the model requires: it tells all that is wrong. */
export function refuseInput(_first: Violation, all: readonly Violation[]): Error {
  const isSecret = ({ path }: Violation) => SECRETS.has(path.slice(path.lastIndexOf('.') + 1))
  return new ServiceError(Validation, describeViolations(all, isSecret))
}
