import { ServiceError } from '../../api/service-error.ts'
import {
  BatchEntryIdsNotDistinct,
  EmptyBatchRequest,
  InvalidBatchEntryId,
  TooManyEntriesInBatchRequest,
} from './errors.ts'
import { BATCH_ENTRIES_MAX, BATCH_ENTRY_ID_CHARACTERS_MAX } from './limits.ts'

/** Refuses a batch that can't be one, by the ids of its entries. */
export function checkBatch(ids: readonly string[]): void {
  if (ids.length === 0) {
    throw new ServiceError(EmptyBatchRequest, "The batch request doesn't contain any entries.")
  }
  if (ids.length > BATCH_ENTRIES_MAX) {
    throw new ServiceError(
      TooManyEntriesInBatchRequest,
      'The batch request contains more entries than permissible.',
    )
  }
  for (const id of ids) {
    if (id.length > BATCH_ENTRY_ID_CHARACTERS_MAX) throw invalidId('is too long', id)
    if (!/^[A-Za-z0-9_-]+$/.test(id)) throw invalidId('contains an impermissible character', id)
  }
  if (new Set(ids).size < ids.length) {
    throw new ServiceError(
      BatchEntryIdsNotDistinct,
      'Two or more batch entries in the request have the same Id.',
    )
  }
}

const invalidId = (what: string, id: string) =>
  new ServiceError(InvalidBatchEntryId, `The Id of a batch entry in the batch request ${what}: ${id}`)
