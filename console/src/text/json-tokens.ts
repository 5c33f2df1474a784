export interface JsonToken {
  readonly kind: 'space' | 'mark' | 'key' | 'text' | 'number' | 'word'
  readonly text: string
}

/** One token of valid JSON: a string, a mark, or a number or word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g
/** Deeper nesting is not indented further: a megabyte of brackets would become gigabytes of spaces. */
const INDENTED_DEPTH_MAX = 32

/**
 * Lays JSON out over lines, for reading. Every token stays as it was written: to parse and print it would round large numbers
 * and drop members that are there twice, and a person is to see what was sent. Null for what is no object or list in JSON.
 */
export function jsonTokens(text: string): readonly JsonToken[] | null {
  if (!/^\s*[[{]/.test(text) || !isJson(text)) return null
  const found = text.match(TOKEN) ?? []
  const tokens: JsonToken[] = []
  let depth = 0
  const line = () =>
    tokens.push({ kind: 'space', text: `\n${'  '.repeat(Math.min(depth, INDENTED_DEPTH_MAX))}` })
  found.forEach((token, i) => {
    const opens = token === '{' || token === '['
    const closes = token === '}' || token === ']'
    const isEmpty = opens && (found[i + 1] === '}' || found[i + 1] === ']')
    const endsEmpty = closes && (found[i - 1] === '{' || found[i - 1] === '[')
    if (closes) {
      depth--
      if (!endsEmpty) line()
    }
    tokens.push({ kind: kindOf(token, found[i + 1]), text: token })
    if (token === ':') tokens.push({ kind: 'space', text: ' ' })
    if (opens) depth++
    if (token === ',' || (opens && !isEmpty)) line()
  })
  return tokens
}

function kindOf(token: string, next: string | undefined): JsonToken['kind'] {
  if (token.startsWith('"')) return next === ':' ? 'key' : 'text'
  if (/^[-\d]/.test(token)) return 'number'
  return /^[a-z]/.test(token) ? 'word' : 'mark'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
