import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import { CanonicalLines } from './canonical-lines.ts'
import { signatureRefused } from './errors.ts'
import { SIGNED_HEADER_LIST_KEPT_CHARACTERS_MAX, SIGNED_HEADER_LISTS_MAX } from './limits.ts'

/** Where the value of a signed header stands among a request's fields: at one place, or at none or several. */
export type FieldSource = number | readonly number[]

/** Where all signed headers stand. */
export interface SignedFields {
  readonly sources: readonly FieldSource[]
  /** Null where one doesn't stand at one place. */
  readonly lines: CanonicalLines | null
}

/** The `SignedHeaders` of one request: which headers its signature covers. */
export class SignedHeaderList {
  /** As the client wrote it: what stands in the canonical request. */
  readonly text: string
  readonly names: readonly string[]
  /** Whether the host is among them: without it, a request could be sent to another server. */
  readonly coversHost: boolean
  readonly #positions: ReadonlyMap<string, number>
  #lastFieldNames: readonly string[] | undefined
  #lastFields: SignedFields = { sources: [], lines: null }

  constructor(text: string) {
    this.text = text
    this.names = text.split(';')
    this.#positions = new Map(this.names.map((name, position) => [name, position]))
    this.coversHost = this.#positions.has('host') || this.#positions.has(':authority')
  }

  /**
   * For each signed header, where it stands among fields with these names, and what their lines are made with. Throws if one that has to be signed isn't.
   * Requests of one client often bear the very same list of names, so that the last answer is kept.
   */
  fieldsIn(fieldNames: readonly string[]): SignedFields {
    if (fieldNames === this.#lastFieldNames) return this.#lastFields
    const sources: number[][] = this.names.map(() => [])
    for (const [at, name] of fieldNames.entries()) {
      const position = this.#positions.get(name)
      if (position !== undefined) sources[position]!.push(at)
      else if (name.startsWith('x-amz-')) {
        throw signatureRefused(`'${capitalised(name)}' must be a 'SignedHeader' in the AWS Authorization.`)
      }
    }
    const host = this.#positions.get('host')
    // Over HTTP/2 the host is in the pseudo-header, while clients sign it under its old name.
    if (host !== undefined && sources[host]!.length === 0) {
      sources[host]!.push(...fieldNames.flatMap((name, at) => (name === ':authority' ? [at] : [])))
    }
    this.#lastFields = this.#fieldsAt(sources)
    this.#lastFieldNames = fieldNames
    return this.#lastFields
  }

  #fieldsAt(places: readonly (readonly number[])[]): SignedFields {
    if (places.some((found) => found.length !== 1)) {
      return { sources: places.map((found) => (found.length === 1 ? found[0]! : found)), lines: null }
    }
    const sources = places.map((found) => found[0]!)
    const starts = this.names.map((name, position) => `${position === 0 ? '' : '\n'}${name}:`)
    return { sources, lines: new CanonicalLines(starts, sources) }
  }
}

const kept = new TwoGenerationCache<SignedHeaderList>(SIGNED_HEADER_LISTS_MAX)

export function parseSignedHeaders(text: string): SignedHeaderList {
  const known = kept.get(text)
  if (known !== undefined) return known
  const list = new SignedHeaderList(text)
  if (text.length <= SIGNED_HEADER_LIST_KEPT_CHARACTERS_MAX) kept.set(text, list)
  return list
}

/** A name as AWS writes it in its texts: `X-Amz-Target`. */
function capitalised(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}
