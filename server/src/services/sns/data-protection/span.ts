/** A piece of a text: from the character at `start` to the one before `end`, counted as JavaScript does. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The same characters in spans that do not overlap, in their order. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = []
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last === undefined || span.start >= last.end) merged.push(span)
    else if (span.end > last.end) merged[merged.length - 1] = { start: last.start, end: span.end }
  }
  return merged
}

/** The text with something else in the place of each span; they are in their order, and apart. */
export function replaceSpans(
  text: string,
  spans: readonly Span[],
  replacement: (found: string) => string,
): string {
  let result = ''
  let at = 0
  for (const { start, end } of spans) {
    result += text.slice(at, start) + replacement(text.slice(start, end))
    at = end
  }
  return result + text.slice(at)
}
