/**
 * A text with wildcards: pieces, with a star between each two. A piece is texts, with a question mark between each two. So whatever is in a
 * text is that character, also a star that a variable stands for.
 */
export type Pattern = readonly Piece[]
type Piece = readonly string[]

/** The pattern of a text in which nothing is a wildcard. */
export function literalPattern(text: string): Pattern {
  return [[text]]
}

/** The pattern of a text in which `*` stands for any characters, also none, and `?` for one. */
export function wildcardPattern(text: string): Pattern {
  return text.split('*').map((piece) => piece.split('?'))
}

/** The pattern of one after the other. */
export function concatPatterns(patterns: readonly Pattern[]): Pattern {
  const pieces: string[][] = [['']]
  for (const pattern of patterns) {
    for (const [i, piece] of pattern.entries()) {
      if (i > 0) pieces.push([''])
      appendPiece(pieces.at(-1)!, piece)
    }
  }
  return pieces
}

function appendPiece(texts: string[], [first = '', ...rest]: Piece): void {
  texts[texts.length - 1] += first
  texts.push(...rest)
}

/** The patterns between a character that isn't a wildcard, at most so many: the last one has what is left, with that character in it. */
export function splitPattern(pattern: Pattern, separator: string, countMax: number): readonly Pattern[] {
  const patterns: string[][][] = [[['']]]
  for (const [i, piece] of pattern.entries()) {
    if (i > 0) patterns.at(-1)!.push([''])
    for (const [j, text] of piece.entries()) {
      if (j > 0) patterns.at(-1)!.at(-1)!.push('')
      for (const [k, part] of text.split(separator).entries()) {
        const isNext = k > 0 && patterns.length < countMax
        if (isNext) patterns.push([['']])
        const texts = patterns.at(-1)!.at(-1)!
        texts[texts.length - 1] += k > 0 && !isNext ? separator + part : part
      }
    }
  }
  return patterns
}

/** A test for one pattern, prepared for what it is: most have no wildcard, or one at the end. */
export function matcherOf(pattern: Pattern): (text: string) => boolean {
  const [[start = '', ...further] = [], second, ...others] = pattern
  if (further.length > 0 || others.length > 0) return (text) => matchesPattern(pattern, text)
  if (second === undefined) return (text) => text === start
  if (second.length > 1 || second[0] !== '') return (text) => matchesPattern(pattern, text)
  return start === '' ? () => true : (text) => text.startsWith(start)
}

/**
 * Whether a pattern matches all of a text. Each piece is taken where it comes first, which leaves the most for those behind it; so nothing is
 * ever taken back, and it's no more than a search for each piece, whatever the pattern.
 */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  const last = pattern.length - 1
  let at = endOfPiece(pattern[0]!, text, 0)
  if (last === 0) return at === text.length
  for (let i = 1; i < last && at !== -1; i++) at = findPiece(pattern[i]!, text, at)
  return at !== -1 && endsWithPiece(pattern[last]!, text, at)
}

/** Where a piece that begins at a place ends; -1 where it doesn't match there. */
function endOfPiece(piece: Piece, text: string, start: number): number {
  const first = piece[0]!
  if (!text.startsWith(first, start)) return -1
  let at = start + first.length
  for (let i = 1; i < piece.length; i++) {
    if (at >= text.length) return -1
    at += characterLength(text, at)
    const next = piece[i]!
    if (!text.startsWith(next, at)) return -1
    at += next.length
  }
  return at
}

/** Where a piece ends that begins as early as it can from a place on; -1 where it doesn't come any more. */
function findPiece(piece: Piece, text: string, from: number): number {
  const first = piece[0]!
  let start = text.indexOf(first, from)
  if (piece.length === 1) return start === -1 ? -1 : start + first.length
  while (start !== -1 && start < text.length) {
    const end = endOfPiece(piece, text, start)
    if (end !== -1) return end
    start = text.indexOf(first, start + characterLength(text, start))
  }
  return -1
}

/** Whether the text ends with a piece that begins not before a place. */
function endsWithPiece(piece: Piece, text: string, from: number): boolean {
  const first = piece[0]!
  if (piece.length === 1) return text.length - first.length >= from && text.endsWith(first)
  for (let start = from; start < text.length; start += characterLength(text, start)) {
    if (endOfPiece(piece, text, start) === text.length) return true
  }
  return false
}

/** 2 where a surrogate pair begins, else 1. */
function characterLength(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code < 0xd800 || code > 0xdbff) return 1
  const next = text.charCodeAt(at + 1)
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1
}
