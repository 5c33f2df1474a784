import type { ListResourceTagsRequest, ListResourceTagsResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { keyArn } from '../key-arn.ts'
import { TAGS_LISTED } from '../limits.ts'
import { readPage } from '../marker.ts'
import { resolveKey } from '../resolve-key.ts'

export const listResourceTags = (front: KmsFront) =>
  operation<ListResourceTagsRequest, ListResourceTagsResponse>('ListResourceTags', async (input, request) => {
    const key = resolveKey(input.KeyId, 'ListResourceTags', request)
    const page = readPage(front, ['ListResourceTags', keyArn(key)], input, request, TAGS_LISTED)
    const { settings } = await front.keyRing.find({ kind: 'key', key })
    const names = Object.keys(settings.tags).sort()
    const rest = names.filter((name) => page.after === '' || name > page.after)
    const shown = rest.slice(0, page.limit)
    return {
      Tags: shown.map((TagKey) => ({ TagKey, TagValue: settings.tags[TagKey]! })),
      ...page.markers(rest.length > shown.length ? shown.at(-1)! : null),
    }
  })
