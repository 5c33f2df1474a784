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
export const FORM = 1
const BYTES = 30
export const CHECKED_BYTES = 26
export const RECEIPT_HANDLE_CHARACTERS = 40

/** For each number below 64 its character in URL-safe base64, and for each byte its number, or `NO_DIGIT`. */
const DIGITS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const NO_DIGIT = 64
const NUMBERS = new Uint8Array(256).fill(NO_DIGIT)
for (const [number, character] of DIGITS.entries()) NUMBERS[character] = number

/** Used by one call at a time: nothing below waits. */
const scratch = new Uint8Array(BYTES)
const view = new DataView(scratch.buffer)
const characters = Buffer.alloc(RECEIPT_HANDLE_CHARACTERS)

/** By hand, as a call into Node's own base64 costs more than all of this. */
export function encodeReceiptHandle(receipt: Receipt): string {
  writeReceipt(receipt, view, 0)
  view.setUint32(CHECKED_BYTES, checkOf(scratch))
  let to = 0
  for (let i = 0; i < BYTES; i += 3) {
    const bits = (scratch[i]! << 16) | (scratch[i + 1]! << 8) | scratch[i + 2]!
    characters[to++] = DIGITS[bits >>> 18]!
    characters[to++] = DIGITS[(bits >>> 12) & 63]!
    characters[to++] = DIGITS[(bits >>> 6) & 63]!
    characters[to++] = DIGITS[bits & 63]!
  }
  return characters.toString('latin1')
}

/** Writes all bytes of a receipt but the check. */
export function writeReceipt(receipt: Receipt, target: DataView, at: number): void {
  target.setUint8(at, FORM)
  target.setUint16(at + 1, receipt.incarnation / 2 ** 32)
  target.setUint32(at + 3, receipt.incarnation)
  target.setUint16(at + 7, receipt.slot / 2 ** 32)
  target.setUint32(at + 9, receipt.slot)
  target.setUint8(at + 13, receipt.receiveNumber / 2 ** 32)
  target.setUint32(at + 14, receipt.receiveNumber)
  target.setUint32(at + 18, receipt.tagHigh)
  target.setUint32(at + 22, receipt.tagLow)
}

/** What these bytes say, whatever the check is. */
export function readReceipt(source: DataView, at: number): Receipt {
  return {
    incarnation: source.getUint16(at + 1) * 2 ** 32 + source.getUint32(at + 3),
    slot: source.getUint16(at + 7) * 2 ** 32 + source.getUint32(at + 9),
    receiveNumber: source.getUint8(at + 13) * 2 ** 32 + source.getUint32(at + 14),
    tagHigh: source.getUint32(at + 18),
    tagLow: source.getUint32(at + 22),
  }
}

/** The receipt a handle stands for, or null where no server of this kind gave out such a handle. */
export function decodeReceiptHandle(handle: string): Receipt | null {
  if (handle.length !== RECEIPT_HANDLE_CHARACTERS) return null
  let to = 0
  for (let i = 0; i < RECEIPT_HANDLE_CHARACTERS; i += 4) {
    const first = numberOf(handle, i)
    const second = numberOf(handle, i + 1)
    const third = numberOf(handle, i + 2)
    const fourth = numberOf(handle, i + 3)
    if (((first | second | third | fourth) & NO_DIGIT) !== 0) return null
    scratch[to++] = (first << 2) | (second >>> 4)
    scratch[to++] = (second << 4) | (third >>> 2)
    scratch[to++] = (third << 6) | fourth
  }
  if (scratch[0] !== FORM || view.getUint32(CHECKED_BYTES) !== checkOf(scratch)) return null
  return readReceipt(view, 0)
}

function numberOf(handle: string, at: number): number {
  return NUMBERS[handle.charCodeAt(at)] ?? NO_DIGIT
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

/** http://www.isthe.com/chongo/tech/comp/fnv/ */
export const CHECK_START = 0x811c9dc5
export const CHECK_PRIME = 0x01000193

/** FNV-1a over the bytes before the check. */
function checkOf(bytes: Uint8Array): number {
  let check = CHECK_START
  for (let i = 0; i < CHECKED_BYTES; i++) check = Math.imul(check ^ bytes[i]!, CHECK_PRIME)
  return check >>> 0
}
