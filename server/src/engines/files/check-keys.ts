import type { Disk } from './disk.ts'
import { findKeyHolders } from './keyed-files.ts'
import type { Keyring } from './keyring.ts'

/**
 * Rejects with `JournalError` if a file is encrypted under a master key that the keyring does not have: before anything takes that
 * for damage.
 */
export async function checkKeys(disk: Disk, keyring: Keyring): Promise<void> {
  for (const { kind, nonce, slot, name } of await findKeyHolders(disk)) {
    keyring.fileKey(kind, nonce, slot, name)
  }
}

/** Whether any file is encrypted. */
export async function isEncrypted(disk: Disk): Promise<boolean> {
  return (await findKeyHolders(disk)).length > 0
}
