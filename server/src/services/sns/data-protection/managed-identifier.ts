import { Keywords } from './keywords.ts'
import { mergeSpans, type Span } from './span.ts'

/** Something that is looked for in messages. */
export interface DataIdentifier {
  /** As findings name it: without the ARN's beginning. */
  readonly name: string
  /** Where it is, in order and apart. Takes time in proportion to the text, whatever is in it. */
  find(text: string): readonly Span[]
}

/** One form of what is looked for. */
export interface Rule {
  /**
   * Is tried at every place of a text, so that it must be short in what it may match, or give up at what begins it anew. Case doesn't
   * count.
   */
  readonly pattern: string
  /** Whether what was found can be one: it is told the letters and digits alone, in capitals. Left out where any can. */
  readonly isSound?: (text: string) => boolean
  /** One of these has to be near; left out where none is needed. */
  readonly keywords?: readonly string[]
}

/** An identifier that AWS has: what keywords it needs AWS says, and what it looks like we do. */
export function managedIdentifier(name: string, rules: readonly Rule[]): DataIdentifier {
  const finders = rules.map(finderOf)
  const [only] = finders
  if (finders.length === 1 && only !== undefined) return { name, find: only }
  return { name, find: (text) => mergeSpans(finders.flatMap((find) => find(text))) }
}

function finderOf({ pattern, isSound, keywords }: Rule): DataIdentifier['find'] {
  const regExp = new RegExp(pattern, 'gi')
  const words = keywords === undefined ? null : new Keywords(keywords)
  return (text) => {
    const spans = candidates(text, regExp, isSound)
    return words === null ? spans : words.near(text, spans)
  }
}

function candidates(text: string, pattern: RegExp, isSound: Rule['isSound']): readonly Span[] {
  const spans: Span[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { index, 0: found } = match
    if (isSound === undefined || isSound(found.toUpperCase().replaceAll(/[^A-Z\d]/g, ''))) {
      spans.push({ start: index, end: index + found.length })
    } else {
      // Another one may begin within what was none.
      pattern.lastIndex = index + 1
    }
  }
  return spans
}

/** A pattern of something that stands by itself, and is no part of a longer word or number. */
export function whole(pattern: string): string {
  return `(?<![A-Za-z\\d])(?:${pattern})(?![A-Za-z\\d])`
}
