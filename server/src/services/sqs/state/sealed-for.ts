import type { Queue } from './queue.ts'

/** Whether the messages were sealed as the queue's owner wants it now. */
export function isSealedFor(
  { settings }: Queue,
  { keyId = '' }: { readonly keyId?: string | undefined },
): boolean {
  return keyId === settings.kmsMasterKeyId
}
