/** The members of a JSON object; null where the text is none. */
export function parseObject(text: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return new Map(Object.entries(value))
  } catch {
    return null
  }
}

/** As `parseObject`, of a policy that a client wrote: refuses other texts, and members of other names. */
export function parsePolicyMembers(
  text: string,
  names: readonly string[],
  invalid: (reason: string) => Error,
): ReadonlyMap<string, unknown> {
  const members = parseObject(text)
  if (members === null) throw invalid('failed to parse JSON.')
  for (const name of members.keys()) {
    if (!names.includes(name)) throw invalid(`invalid JSON. Attribute ${name} is unknown.`)
  }
  return members
}
