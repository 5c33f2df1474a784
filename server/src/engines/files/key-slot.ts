/**
 * The key of a file as it stands in the file's header: wrapped by a master key. All of it changes when the master key does, and
 * nothing else in the file.
 *
 * ```
 *     0   8  id of the master key
 *     8  12  nonce of the wrapping
 *    20  48  the key, wrapped: 32 bytes and the tag
 * ```
 */
export interface KeySlot {
  readonly masterKeyId: Uint8Array
  readonly nonce: Uint8Array
  readonly wrapped: Uint8Array
}

export const KEY_SLOT_BYTES = 68
export const MASTER_KEY_ID_BYTES = 8
const NONCE_AT = 8
const WRAPPED_AT = 20

export function encodeKeySlot(target: Uint8Array, at: number, slot: KeySlot): void {
  target.set(slot.masterKeyId, at)
  target.set(slot.nonce, at + NONCE_AT)
  target.set(slot.wrapped, at + WRAPPED_AT)
}

export function decodeKeySlot(bytes: Uint8Array, at: number): KeySlot {
  return {
    masterKeyId: bytes.slice(at, at + NONCE_AT),
    nonce: bytes.slice(at + NONCE_AT, at + WRAPPED_AT),
    wrapped: bytes.slice(at + WRAPPED_AT, at + KEY_SLOT_BYTES),
  }
}
