import type { Tag } from '../../api/generated/kms.ts'
import type { Tags } from './commands.ts'
import { tagProblem } from './errors.ts'
import { TAGS_MAX } from './limits.ts'

/** The tags of a request, refused where a key is there twice, is reserved, or there are too many. */
export function readTags(tags: readonly Tag[] = []): Tags {
  const keys = new Set(tags.map(({ TagKey }) => TagKey))
  if (keys.size < tags.length) throw tagProblem('Duplicate tag keys')
  refuseReserved([...keys])
  if (tags.length > TAGS_MAX) throw tagProblem('Too many tags')
  return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]))
}

export function refuseReserved(keys: readonly string[]): void {
  if (keys.some((key) => /^aws:/i.test(key))) throw tagProblem('Tags beginning with aws: are reserved')
}
