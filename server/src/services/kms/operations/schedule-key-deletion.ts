import type { ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { violates } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { keyArn } from '../key-arn.ts'
import { DELETION_DAYS, DELETION_DAYS_DEFAULT } from '../limits.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const scheduleKeyDeletion = (front: KmsFront) =>
  operation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse>(
    'ScheduleKeyDeletion',
    async (input, request) => {
      const managed = managing(input.KeyId, 'ScheduleKeyDeletion', request)
      const { PendingWindowInDays: days = DELETION_DAYS_DEFAULT } = input
      const { min, max } = DELETION_DAYS
      if (days < min) throw violates('PendingWindowInDays', { kind: 'tooSmall', min, value: days })
      if (days > max) throw violates('PendingWindowInDays', { kind: 'tooLarge', max, value: days })
      const command = { service: 'kms', kind: 'scheduleDeletion', ...managed, days } as const
      const { deletesAt } = await ask(front, command)
      return {
        KeyId: keyArn(managed.key),
        DeletionDate: deletesAt,
        KeyState: 'PendingDeletion',
        PendingWindowInDays: days,
      }
    },
  )
