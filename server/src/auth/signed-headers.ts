import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import { signatureRefused } from './errors.ts'
import { SIGNED_HEADER_LIST_KEPT_CHARACTERS_MAX, SIGNED_HEADER_LISTS_MAX } from './limits.ts'

/** Where the value of a signed header stands among a request's fields: at one place, or at none or several. */
export type FieldSource = number | readonly number[]

/** The `SignedHeaders` of one request: which headers its signature covers. */
export class SignedHeaderList {
  /** As the client wrote it: what stands in the canonical request. */
  readonly text: string
  readonly names: readonly string[]
  /** What stands before the value of each in the canonical request: the end of the line before, the name, and a colon. */
  readonly lineStarts: readonly string[]
  /** Whether the host is among them: without it, a request could be sent to another server. */
  readonly coversHost: boolean
  readonly #positions: ReadonlyMap<string, number>
  #lastFieldNames: readonly string[] | undefined
  #lastSources: readonly FieldSource[] = []

  constructor(text: string) {
    this.text = text
    this.names = text.split(';')
    this.lineStarts = this.names.map((name, position) => `${position === 0 ? '' : '\n'}${name}:`)
    this.#positions = new Map(this.names.map((name, position) => [name, position]))
    this.coversHost = this.#positions.has('host') || this.#positions.has(':authority')
  }

  /**
   * For each signed header, where it stands among fields with these names. Throws if one that has to be signed isn't.
   * Requests of one client often bear the very same list of names, so that the last answer is kept.
   */
  sourcesIn(fieldNames: readonly string[]): readonly FieldSource[] {
    if (fieldNames === this.#lastFieldNames) return this.#lastSources
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
    this.#lastSources = sources.map((found) => (found.length === 1 ? found[0]! : found))
    this.#lastFieldNames = fieldNames
    return this.#lastSources
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
