/**
 * What a JSON text says; undefined where it is no JSON, where an object has a name twice, or where it nests deeper than `depthMax`.
 * Of a name that comes twice JavaScript keeps the last one: a statement that reads `Deny` to a person could be an `Allow`.
 */
export function parseStrictJson(text: string, depthMax: number): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isStrict(text, depthMax) ? value : undefined
}

/** A string, a bracket, or a comma: what is between them says nothing about the structure. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]/gs

/** For a text that is JSON: in any other, strings without an end would be looked for again and again. */
function isStrict(text: string, depthMax: number): boolean {
  // For each object or array that is open: the names so far, or null for an array.
  const open: (Set<unknown> | null)[] = []
  let isNameNext = false
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (open.length === depthMax) return false
      open.push(token === '{' ? new Set() : null)
      isNameNext = token === '{'
    } else if (token === '}' || token === ']') {
      open.pop()
      isNameNext = false
    } else if (token === ',') {
      isNameNext = open.at(-1) != null
    } else if (isNameNext) {
      const names = open.at(-1)
      const name: unknown = JSON.parse(token)
      if (names?.has(name)) return false
      names?.add(name)
      isNameNext = false
    }
  }
  return true
}

/** How long a JSON text would be without the white space between its elements. Takes any text. */
export function lengthWithoutSpace(text: string): number {
  let length = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (
      isInString ||
      !(character === ' ' || character === '\n' || character === '\r' || character === '\t')
    ) {
      length += 1
    }
    if (character === '"') isInString = !isInString
    else if (character === '\\' && isInString) {
      at += 1
      length += 1
    }
  }
  return Math.min(length, text.length)
}
