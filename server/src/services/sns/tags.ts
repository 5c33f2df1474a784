import { ServiceError } from '../../api/service-error.ts'
import { isWithin } from '../../base/range.ts'
import { InvalidParameter, invalidParameter, TagLimitExceeded } from './errors.ts'
import { TAG_KEY_CHARACTERS, TAG_VALUE_CHARACTERS, TAGS_MAX } from './limits.ts'

interface Tag {
  readonly Key: string
  readonly Value: string
}

/** The tags of a request, checked. What the topic has already counts too, but only the cell knows that. */
export function parseTags(tags: readonly Tag[]): Readonly<Record<string, string>> {
  const keys = new Set(tags.map(({ Key }) => Key))
  if (keys.size < tags.length) throw invalidParameter('Duplicated keys are not allowed.')
  if (tags.length > TAGS_MAX) throw tooManyTags()
  for (const { Key, Value } of tags) {
    checkTagKeys([Key])
    if (/^aws:/i.test(Key)) throw invalid("Tag keys can't begin with 'aws:': the prefix is reserved.")
    if (!isWithin(Value.length, TAG_VALUE_CHARACTERS)) {
      throw invalid(`Tag values must have at most ${TAG_VALUE_CHARACTERS.max} characters.`)
    }
  }
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}

export function checkTagKeys(keys: readonly string[]): void {
  for (const key of keys) {
    if (isWithin(key.length, TAG_KEY_CHARACTERS)) continue
    throw invalid(`Tag keys must have ${TAG_KEY_CHARACTERS.min} to ${TAG_KEY_CHARACTERS.max} characters.`)
  }
}

/** Also for the cell, which knows what tags are there already. */
export const tooManyTags = () =>
  new ServiceError(TagLimitExceeded, 'Could not complete request: tag quota of per resource exceeded')

const invalid = (reason: string) =>
  new ServiceError(InvalidParameter, `Invalid parameter: Tags Reason: ${reason}`)
