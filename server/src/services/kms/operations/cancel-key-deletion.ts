import type { CancelKeyDeletionRequest, CancelKeyDeletionResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { keyArn } from '../key-arn.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const cancelKeyDeletion = (front: KmsFront) =>
  operation<CancelKeyDeletionRequest, CancelKeyDeletionResponse>(
    'CancelKeyDeletion',
    async (input, request) => {
      const managed = managing(input.KeyId, 'CancelKeyDeletion', request)
      await ask(front, { service: 'kms', kind: 'cancelDeletion', ...managed })
      return { KeyId: keyArn(managed.key) }
    },
  )
