import { decodePageToken, encodePageToken } from '../../api/page-token.ts'
import { validationError } from './errors.ts'
import { PAGE_ITEMS_DEFAULT } from './limits.ts'
import type { IamPorts } from './ports.ts'

interface PageInput {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

interface PageStart {
  /** Where the page before ended; empty for the first. */
  readonly after: string
  readonly limit: number
}

interface PageEnd {
  readonly IsTruncated: boolean
  readonly Marker?: string
}

/** The pages of one list: `list` says what is listed, in parts that can't run into each other, so that markers are good for it alone. */
export function pagesOf(
  { tokenKey }: Pick<IamPorts, 'tokenKey'>,
  list: readonly string[],
  { Marker, MaxItems }: PageInput,
): { readonly start: PageStart; readonly end: (next: string | null) => PageEnd } {
  const after = Marker === undefined ? '' : decodePageToken(tokenKey, list, Marker)
  if (after === null) throw validationError(`Invalid Marker: ${Marker}`)
  return {
    start: { after, limit: MaxItems ?? PAGE_ITEMS_DEFAULT },
    end: (next) =>
      next === null
        ? { IsTruncated: false }
        : { IsTruncated: true, Marker: encodePageToken(tokenKey, list, next) },
  }
}

/** A page of what is all there already, by the place of each in it. */
export function pageOfAll<Each>(
  all: readonly Each[],
  pages: ReturnType<typeof pagesOf>,
): { readonly page: readonly Each[]; readonly end: PageEnd } {
  const { after, limit } = pages.start
  const from = after === '' ? 0 : Number(after)
  const to = from + limit
  return { page: all.slice(from, to), end: pages.end(to < all.length ? String(to) : null) }
}
