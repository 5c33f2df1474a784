import type { Request } from '../../api/operation.ts'
import { decodePageToken, encodePageToken } from '../../api/page-token.ts'
import { invalidMarker } from './errors.ts'
import type { KmsPorts } from './ports.ts'

/** A page of a list, as a request asks for it. */
interface PageAsked {
  readonly Marker?: string | undefined
  readonly Limit?: number | undefined
}

interface Page {
  /** Where it begins: after this; empty for the first. */
  readonly after: string
  readonly limit: number
  /** What an answer says of the next page, which begins after `next`; there is none where that is null. */
  markers(next: string | null): { readonly Truncated: boolean; readonly NextMarker?: string }
}

/** `list` says what is listed, besides by whom and where. Refuses a marker of another list. */
export function readPage(
  { tokenKey }: Pick<KmsPorts, 'tokenKey'>,
  list: readonly string[],
  { Marker, Limit }: PageAsked,
  { caller: { accountId, region } }: Request,
  limits: { readonly initial: number; readonly max: number },
): Page {
  const whole = ['kms', accountId, region, ...list]
  const after = Marker === undefined ? '' : decodePageToken(tokenKey, whole, Marker)
  if (after === null) throw invalidMarker()
  return {
    after,
    limit: Math.min(Limit ?? limits.initial, limits.max),
    markers: (next) =>
      next === null
        ? { Truncated: false }
        : { Truncated: true, NextMarker: encodePageToken(tokenKey, whole, next) },
  }
}
