import type { ListKeyRotationsRequest, ListKeyRotationsResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { unsupported } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { keyArn } from '../key-arn.ts'
import { ROTATIONS_LISTED } from '../limits.ts'
import { readPage } from '../marker.ts'
import { resolveKey } from '../resolve-key.ts'

export const listKeyRotations = (front: KmsFront) =>
  operation<ListKeyRotationsRequest, ListKeyRotationsResponse>('ListKeyRotations', async (input, request) => {
    const key = resolveKey(input.KeyId, 'ListKeyRotations', request)
    const { IncludeKeyMaterial: included = 'ROTATIONS_ONLY' } = input
    const list = ['ListKeyRotations', keyArn(key), included]
    const page = readPage(front, list, input, request, ROTATIONS_LISTED)
    const { materials, spec } = await front.keyRing.find({ kind: 'key', key })
    if (spec !== 'SYMMETRIC_DEFAULT') throw unsupported()
    const current = materials.length - 1
    const first = page.after === '' ? 0 : Number(page.after)
    const places = materials.map((_, place) => place).slice(first)
    const fit = places.filter(
      (place) => included === 'ALL_KEY_MATERIAL' || materials[place]!.rotation !== null,
    )
    const shown = fit.slice(0, page.limit)
    return {
      Rotations: shown.map((place) => {
        const { id, rotation, since } = materials[place]!
        return {
          KeyId: key.name,
          KeyMaterialId: id,
          KeyMaterialState: place === current ? 'CURRENT' : 'NON_CURRENT',
          ...(rotation !== null && { RotationDate: since, RotationType: rotation }),
        }
      }),
      ...page.markers(fit.length > shown.length ? String(fit[shown.length]) : null),
    }
  })
