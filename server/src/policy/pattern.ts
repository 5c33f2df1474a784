/**
 * A text with wildcards: UTF-16 codes, and in between the two below. As numbers, so that a star that a variable stands for can't be
 * taken for a wildcard, whatever characters it comes with.
 */
export type Pattern = readonly number[]

/** `*`: any characters, also none. */
const ANY_TEXT = -1
/** `?`: one character, which may take two codes. */
const ANY_CHARACTER = -2

/** The codes of a text, wildcards and all else taken as they are. */
export function codesOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
}

/** The pattern of a text in which stars and question marks are wildcards. */
export function wildcardPattern(text: string): number[] {
  return codesOf(text).map((code) =>
    code === STAR ? ANY_TEXT : code === QUESTION_MARK ? ANY_CHARACTER : code,
  )
}

const STAR = 42
const QUESTION_MARK = 63

/** A test for one pattern, prepared for what it is: most have no wildcard, or one at the end. */
export function matcherOf(pattern: Pattern): (text: string) => boolean {
  const first = pattern.findIndex((unit) => unit < 0)
  if (first === -1) {
    const whole = String.fromCharCode(...pattern)
    return (text) => text === whole
  }
  if (first === pattern.length - 1 && pattern[first] === ANY_TEXT) {
    const start = String.fromCharCode(...pattern.slice(0, first))
    return start === '' ? () => true : (text) => text.startsWith(start)
  }
  return (text) => matchesPattern(pattern, text)
}

/**
 * Whether a pattern matches all of a text. Where it fails after a star, only that star, the last one passed, takes a character more: an
 * earlier one could reach no further. So it takes the product of both lengths at most, whatever the pattern.
 */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  let at = 0
  let next = 0
  let afterStar = -1
  let starEnd = 0
  while (at < text.length) {
    const unit = pattern[next]
    if (unit === ANY_TEXT) {
      next += 1
      if (next === pattern.length) return true
      afterStar = next
      starEnd = at
    } else if (unit === ANY_CHARACTER) {
      next += 1
      at += charactersLength(text, at)
    } else if (unit === text.charCodeAt(at)) {
      next += 1
      at += 1
    } else if (afterStar !== -1) {
      starEnd += charactersLength(text, starEnd)
      at = starEnd
      next = afterStar
    } else {
      return false
    }
  }
  while (pattern[next] === ANY_TEXT) next += 1
  return next === pattern.length
}

/** 2 where a surrogate pair begins, else 1. */
function charactersLength(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code < 0xd800 || code > 0xdbff) return 1
  const next = text.charCodeAt(at + 1)
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1
}
