import type { Span } from './span.ts'

/** How far a keyword may be from what it is for, in characters. Ours: AWS says "in proximity". */
export const KEYWORD_DISTANCE = 50

/** A word of fewer letters counts only by itself, or in its plural: there is a "pan" in "company". */
const LETTERS_MIN = 5

/**
 * Words that tell what stands near them. Case doesn't count, and a space in a keyword may be missing, an underscore or a hyphen.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-managed-data-identifiers.html
 */
export class Keywords {
  readonly #pattern: RegExp

  constructor(words: readonly string[]) {
    // Of two that begin alike the longer one is tried first.
    const sources = [...words].sort((a, b) => b.length - a.length).map(sourceOf)
    this.#pattern = new RegExp(sources.join('|'), 'giu')
  }

  /** Of spans in their order, those that have a keyword near them. */
  near(text: string, spans: readonly Span[]): readonly Span[] {
    if (spans.length === 0) return spans
    const words = [...text.matchAll(this.#pattern)].map(({ index, 0: word }) => ({
      start: index,
      end: index + word.length,
    }))
    let first = 0
    return spans.filter(({ start, end }) => {
      while (first < words.length && words[first]!.end < start - KEYWORD_DISTANCE) first++
      for (let i = first; i < words.length && words[i]!.start <= end + KEYWORD_DISTANCE; i++) {
        // What is in the span itself says nothing about it.
        if (words[i]!.end <= start || words[i]!.start >= end) return true
      }
      return false
    })
  }
}

function sourceOf(word: string): string {
  const source = word
    .replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replaceAll(' ', '[ _-]?')
    .replaceAll(/['’]/g, "['’]")
  const letters = word.match(/\p{L}/gu)?.length ?? 0
  if (letters >= LETTERS_MIN || word.includes(' ')) return source
  return `(?<![\\p{L}\\d])${source}s?(?!\\p{L})`
}
