import { SIGNED_HEADER_LIST_KEPT_CHARACTERS_MAX, SIGNED_HEADER_LISTS_MAX } from './limits.ts'
import { TwoGenerationCache } from './two-generation-cache.ts'

/** The `SignedHeaders` of one request: which headers its signature covers. */
export interface SignedHeaderList {
  /** As the client wrote it: what stands in the canonical request. */
  readonly text: string
  readonly names: readonly string[]
  /** The position of each name, by name. */
  readonly positions: ReadonlyMap<string, number>
}

const kept = new TwoGenerationCache<SignedHeaderList>(SIGNED_HEADER_LISTS_MAX)

export function parseSignedHeaders(text: string): SignedHeaderList {
  const known = kept.get(text)
  if (known !== undefined) return known
  const names = text.split(';')
  const positions = new Map<string, number>()
  for (const [position, name] of names.entries()) positions.set(name, position)
  const list: SignedHeaderList = { text, names, positions }
  if (text.length <= SIGNED_HEADER_LIST_KEPT_CHARACTERS_MAX) kept.set(text, list)
  return list
}
