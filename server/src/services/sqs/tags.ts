import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameterValue } from './errors.ts'
import { TAG_KEY_CHARACTERS, TAG_VALUE_CHARACTERS, TAGS_MAX } from './limits.ts'

/** Refuses tags that no queue can have. What the queue has already counts too, but only the cell knows that. */
export function checkTags(tags: Readonly<Record<string, string>>, queueName: string): void {
  const entries = Object.entries(tags)
  if (entries.length > TAGS_MAX) throw tooManyTags(queueName)
  for (const [key, value] of entries) {
    checkTagKeys([key])
    if (/^aws:/i.test(key)) throw invalid("Tag keys can't begin with 'aws:': the prefix is reserved.")
    if (value.length > TAG_VALUE_CHARACTERS.max) {
      throw invalid(
        `Tag values must be between ${TAG_VALUE_CHARACTERS.min} and ${TAG_VALUE_CHARACTERS.max} characters in length.`,
      )
    }
  }
}

export function checkTagKeys(keys: readonly string[]): void {
  for (const key of keys) {
    if (key.length >= TAG_KEY_CHARACTERS.min && key.length <= TAG_KEY_CHARACTERS.max) continue
    throw invalid(
      `Tag keys must be between ${TAG_KEY_CHARACTERS.min} and ${TAG_KEY_CHARACTERS.max} characters in length.`,
    )
  }
}

/** Also for the cell, which knows what tags are there already. */
export const tooManyTags = (queueName: string) => invalid(`Too many tags added for queue ${queueName}.`)

function invalid(message: string): ServiceError {
  return new ServiceError(InvalidParameterValue, message)
}
