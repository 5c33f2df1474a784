import { Buffer } from 'node:buffer'
import { ServiceError } from '../../api/service-error.ts'
import type { Receipt, Refusal } from './commands.ts'
import { missingParameter, ReceiptHandleIsInvalid } from './errors.ts'

/**
 * A receipt as clients carry it: 30 bytes, most significant first, as 40 characters of URL-safe base64.
 *
 * ```
 *   0        1             7        13              18         22        26       30
 *   +--------+-------------+--------+---------------+----------+---------+--------+
 *   | form 1 | incarnation | slot   | receiveNumber | tagHigh  | tagLow  | check  |
 *   +--------+-------------+--------+---------------+----------+---------+--------+
 * ```
 *
 * 30 bytes leave no unused bits, so that no two handles mean the same receipt. The check tells a damaged handle from an
 * old one and is no secret: what can't be guessed is the tag, which the cell compares with its own.
 */
const FORM = 1
const BYTES = 30
const CHECKED_BYTES = 26
const SHAPE = /^[A-Za-z0-9_-]{40}$/

/** Used by one call at a time: nothing below waits. */
const scratch = Buffer.alloc(BYTES)

export function encodeReceiptHandle(receipt: Receipt): string {
  scratch[0] = FORM
  scratch.writeUIntBE(receipt.incarnation, 1, 6)
  scratch.writeUIntBE(receipt.slot, 7, 6)
  scratch.writeUIntBE(receipt.receiveNumber, 13, 5)
  scratch.writeUInt32BE(receipt.tagHigh, 18)
  scratch.writeUInt32BE(receipt.tagLow, 22)
  scratch.writeUInt32BE(checkOf(scratch), CHECKED_BYTES)
  return scratch.toString('base64url')
}

/** The receipt a handle stands for, or null where no server of this kind gave out such a handle. */
export function decodeReceiptHandle(handle: string): Receipt | null {
  if (!SHAPE.test(handle)) return null
  scratch.write(handle, 'base64url')
  if (scratch[0] !== FORM || scratch.readUInt32BE(CHECKED_BYTES) !== checkOf(scratch)) return null
  return {
    incarnation: scratch.readUIntBE(1, 6),
    slot: scratch.readUIntBE(7, 6),
    receiveNumber: scratch.readUIntBE(13, 5),
    tagHigh: scratch.readUInt32BE(18),
    tagLow: scratch.readUInt32BE(22),
  }
}

/** As `decodeReceiptHandle`, with SQS's errors for a missing and a malformed handle. */
export function parseReceiptHandle(handle: string): Receipt {
  if (handle === '') throw missingParameter('ReceiptHandle')
  const receipt = decodeReceiptHandle(handle)
  if (receipt === null) throw receiptHandleIsInvalid(handle)
  return receipt
}

/** The cell's refusal of a receipt, in words that name the handle: the cell knows receipts, not handles. */
export function refusedReceipt(refusal: Refusal, handle: string): ServiceError {
  if (refusal.error.code === ReceiptHandleIsInvalid.code) return receiptHandleIsInvalid(handle)
  // A function, since `$&` and the like in a replacement string would not be taken literally.
  return new ServiceError(
    refusal.error,
    refusal.message.replace('{ReceiptHandle}', () => handle),
  )
}

function receiptHandleIsInvalid(handle: string): ServiceError {
  return new ServiceError(
    ReceiptHandleIsInvalid,
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  )
}

/** FNV-1a over the bytes before the check. */
function checkOf(bytes: Buffer): number {
  let check = 0x811c9dc5
  for (let i = 0; i < CHECKED_BYTES; i++) check = Math.imul(check ^ bytes[i]!, 0x01000193)
  return check >>> 0
}
