import type { Tag } from '../../api/generated/kinesis.ts'
import type { ResourceAddress } from './commands.ts'
import { invalidArgument } from './errors.ts'

type Tags = Readonly<Record<string, string>>

/** White space is what Unicode calls a separator, which tabs and line ends are not. */
const UNKNOWN = /[^\p{L}\p{N}\p{Z}_.:/=+\-%@]/u

/** What is wrong with tags to be added; undefined where nothing is. How many there may be is for the cell to say. */
export function problemOfTags(resource: ResourceAddress, tags: Tags): Error | undefined {
  const failed = `Failed to add tags to ${describe(resource)}`
  const problem = problemOfCharacters([...Object.keys(tags), ...Object.values(tags)], failed)
  if (problem !== undefined) return problem
  const reserved = Object.keys(tags).some((key) => /^aws:/i.test(key))
  return reserved
    ? invalidArgument(`${failed} because tag keys that begin with aws: are reserved.`)
    : undefined
}

/** What is wrong with keys of tags to be removed; undefined where nothing is. */
export function problemOfTagKeys(resource: ResourceAddress, keys: readonly string[]): Error | undefined {
  return problemOfCharacters(keys, `Failed to remove tags from ${describe(resource)}`)
}

/** AWS has two texts for this, of two parts of it: one lists the percent sign, which the other then refuses. */
function problemOfCharacters(texts: readonly string[], failed: string): Error | undefined {
  if (texts.some((text) => UNKNOWN.test(text))) {
    return invalidArgument(
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    )
  }
  if (!texts.some((text) => text.includes('%'))) return undefined
  return invalidArgument(
    `${failed} because some tags contained illegal characters. ` +
      "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
  )
}

function describe({ stream, consumer }: ResourceAddress): string {
  const ofStream = `stream ${stream.name} under account ${stream.accountId}`
  return consumer === null ? ofStream : `consumer ${consumer.name} of ${ofStream}`
}

/** In the order of their keys. */
export function renderTags(tags: Tags): readonly Tag[] {
  return Object.keys(tags)
    .sort()
    .map((Key) => ({ Key, Value: tags[Key]! }))
}
