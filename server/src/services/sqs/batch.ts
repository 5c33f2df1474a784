import type { BatchResultErrorEntry } from '../../api/generated/sqs.ts'
import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import type { Refusal } from './commands.ts'
import {
  BatchEntryIdsNotDistinct,
  emptyBatch,
  InvalidBatchEntryId,
  TooManyEntriesInBatchRequest,
} from './errors.ts'
import { BATCH_ENTRIES_MAX, BATCH_ENTRY_ID_CHARACTERS_MAX } from './limits.ts'
import { refusedReceipt } from './receipt-handle.ts'

const ID = /^[A-Za-z0-9_-]+$/

/** What is wrong with a batch as a whole refuses the whole of it. `entryShape` is named in an error text. */
export function checkBatch(entries: readonly { readonly Id: string }[], entryShape: string): void {
  if (entries.length === 0) throw emptyBatch(entryShape)
  if (entries.length > BATCH_ENTRIES_MAX) {
    throw new ServiceError(
      TooManyEntriesInBatchRequest,
      `Maximum number of entries per request are ${BATCH_ENTRIES_MAX}. You have sent ${entries.length}.`,
    )
  }
  for (const { Id } of entries) {
    if (Id.length > BATCH_ENTRY_ID_CHARACTERS_MAX || !ID.test(Id)) {
      throw new ServiceError(
        InvalidBatchEntryId,
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      )
    }
  }
  // There are ten at most: to compare each with those before it takes less time than to make a set of them.
  for (let i = 1; i < entries.length; i++) {
    const { Id } = entries[i]!
    for (let before = 0; before < i; before++) {
      if (entries[before]!.Id === Id) throw new ServiceError(BatchEntryIdsNotDistinct, `Id ${Id} repeated.`)
    }
  }
}

/**
 * Prepares each entry by itself, so that one that SQS refuses doesn't hold up the others.
 * `accepted` are the entries of what is `prepared`, which with those that `failed` are all of them; each list is in their order.
 */
export function prepareEach<Entry extends { readonly Id: string }, Prepared>(
  entries: readonly Entry[],
  prepare: (entry: Entry, position: number) => Prepared,
): {
  readonly accepted: readonly Entry[]
  readonly prepared: Prepared[]
  readonly failed: BatchResultErrorEntry[]
} {
  const accepted: Entry[] = []
  const prepared: Prepared[] = []
  const failed: BatchResultErrorEntry[] = []
  for (let position = 0; position < entries.length; position++) {
    const entry = entries[position]!
    try {
      prepared.push(prepare(entry, position))
      accepted.push(entry)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      failed.push(failedEntry(entry.Id, error.shape, error.message))
    }
  }
  return { accepted, prepared, failed }
}

export function failedEntry(id: string, error: ErrorShape, message: string): BatchResultErrorEntry {
  return {
    Id: id,
    // Inside an answer there is no header for the older code, so that one is what all clients are given.
    Code: error.queryCode ?? error.code,
    Message: message,
    SenderFault: error.fault === 'client',
  }
}

export interface BatchResult<Success> {
  readonly Successful: readonly Success[] | undefined
  readonly Failed: readonly BatchResultErrorEntry[] | undefined
}

/** The answer's two lists, each left out when empty. */
export function batchResult<Success>(
  successful: readonly Success[],
  failed: readonly BatchResultErrorEntry[],
): BatchResult<Success> {
  return {
    Successful: successful.length > 0 ? successful : undefined,
    Failed: failed.length > 0 ? failed : undefined,
  }
}

/** The answer to a batch of receipts: `entries` are those that reached the cell, with its outcome for each. */
export function receiptBatchResult(
  entries: readonly { readonly Id: string; readonly ReceiptHandle: string }[],
  outcomes: readonly (Refusal | null)[],
  failedBefore: readonly BatchResultErrorEntry[],
): BatchResult<{ readonly Id: string }> {
  const successful: { readonly Id: string }[] = []
  const failed = [...failedBefore]
  for (let i = 0; i < entries.length; i++) {
    const { Id, ReceiptHandle } = entries[i]!
    const refusal = outcomes[i]
    if (refusal) {
      const { error, message } = refusal.inBatch ?? {
        error: refusal.error,
        message: refusedReceipt(refusal, ReceiptHandle).message,
      }
      failed.push(failedEntry(Id, error, message))
    } else {
      successful.push({ Id })
    }
  }
  return batchResult(successful, failed)
}
