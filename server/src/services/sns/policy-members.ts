import { type JsonObject, parseJsonObject } from '../../base/json-object.ts'

/** The members of a policy that a client wrote: refuses what is no JSON object, and members of other names. */
export function parsePolicyMembers(
  text: string,
  names: readonly string[],
  invalid: (reason: string) => Error,
): JsonObject {
  const members = parseJsonObject(text)
  if (members === null) throw invalid('failed to parse JSON.')
  for (const name of Object.keys(members)) {
    if (!names.includes(name)) throw invalid(`invalid JSON. Attribute ${name} is unknown.`)
  }
  return members
}
