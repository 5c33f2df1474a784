/** Control characters but newline and tab, and those that turn the direction of text, so that what is read is what is there. */
const HIDDEN =
  /(?![\n\t])[\p{Cc}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu

/** The text with such characters written as `\u202e`. */
export function plainText(text: string): string {
  return text.replaceAll(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The beginning of a text as one line. */
export function firstLine(text: string, charactersMax: number): string {
  const start = text
    .slice(0, charactersMax * 2)
    .replaceAll(/\s+/g, ' ')
    .trim()
  const line = plainText(start.slice(0, charactersMax))
  return start.length > charactersMax || text.length > charactersMax * 2 ? `${line}…` : line
}
