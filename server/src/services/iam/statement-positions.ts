/** Where something stands in a text; both count from 1. */
export interface Position {
  readonly Line: number
  readonly Column: number
}

export interface Span {
  readonly StartPosition: Position
  /** Behind its last character. */
  readonly EndPosition: Position
}

/**
 * Where the statements of a policy stand in its text, in their order. The text is JSON, and a policy: whoever read it has found that out. Goes
 * once through the text, and knows of JSON only strings and what opens and closes.
 */
export function statementSpans(text: string): readonly Span[] {
  const spans: Span[] = []
  const positionAt = positionsIn(text)
  let depth = 0
  /** How deep statements begin: 1 for one without a list around it. */
  let statementDepth = 0
  let start = -1
  let lastString = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      const end = endOfString(text, at)
      if (depth === 1) lastString = text.slice(at + 1, end)
      at = end
    } else if (character === '{' || character === '[') {
      const isStatement = lastString === 'Statement'
      if (depth === 1) statementDepth = isStatement ? (character === '[' ? 2 : 1) : 0
      if (character === '{' && statementDepth > 0 && depth === statementDepth) start = at
      depth++
    } else if (character === '}' || character === ']') {
      depth--
      if (start >= 0 && character === '}' && depth === statementDepth) {
        spans.push({ StartPosition: positionAt(start), EndPosition: positionAt(at + 1) })
        start = -1
      }
      if (depth === 1) statementDepth = 0
    }
  }
  return spans
}

/** Where the quote stands that closes the string which is opened at `at`. */
function endOfString(text: string, at: number): number {
  let end = at + 1
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  return end
}

/** To be asked for places that go forward. */
function positionsIn(text: string): (at: number) => Position {
  let line = 1
  let lineStart = 0
  let seen = 0
  return (at) => {
    for (; seen < at; seen++) {
      if (text[seen] !== '\n') continue
      line++
      lineStart = seen + 1
    }
    return { Line: line, Column: at - lineStart + 1 }
  }
}
