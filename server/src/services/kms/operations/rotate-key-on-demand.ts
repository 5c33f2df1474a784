import type { RotateKeyOnDemandRequest, RotateKeyOnDemandResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const rotateKeyOnDemand = (front: KmsFront) =>
  operation<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse>(
    'RotateKeyOnDemand',
    async (input, request) => {
      const managed = managing(input.KeyId, 'RotateKeyOnDemand', request)
      const view = await front.keyRing.find({ kind: 'key', key: managed.key })
      const material = await front.keyRing.newMaterial(view)
      await ask(front, { service: 'kms', kind: 'rotateKey', ...managed, material })
      return { KeyId: managed.key.name }
    },
  )
