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

export function encodeReceiptHandle(receipt: Receipt): string {
  writeReceiptHandle(receipt, characters, 0)
  return characters.toString('latin1')
}

/** Writes the handle's characters from `at` on. By hand, as a call into Node's own base64 costs more than all of this. */
export function writeReceiptHandle(receipt: Receipt, target: Uint8Array, at: number): void {
  scratch[0] = FORM
  writeUint48(1, receipt.incarnation)
  writeUint48(7, receipt.slot)
  writeUint40(13, receipt.receiveNumber)
  view.setUint32(18, receipt.tagHigh)
  view.setUint32(22, receipt.tagLow)
  view.setUint32(CHECKED_BYTES, checkOf(scratch))
  let to = at
  for (let i = 0; i < BYTES; i += 3) {
    const bits = (scratch[i]! << 16) | (scratch[i + 1]! << 8) | scratch[i + 2]!
    target[to++] = DIGITS[bits >>> 18]!
    target[to++] = DIGITS[(bits >>> 12) & 63]!
    target[to++] = DIGITS[(bits >>> 6) & 63]!
    target[to++] = DIGITS[bits & 63]!
  }
}

/** The receipt a handle stands for, or null where no server of this kind gave out such a handle. */
export function decodeReceiptHandle(handle: string): Receipt | null {
  if (handle.length !== RECEIPT_HANDLE_CHARACTERS) return null
  for (let i = 0; i < RECEIPT_HANDLE_CHARACTERS; i++) {
    const character = handle.charCodeAt(i)
    if (character >= NUMBERS.length) return null
    characters[i] = character
  }
  return readReceiptHandle(characters, 0)
}

/** The same of a handle whose characters stand in `source` from `at` on. */
export function readReceiptHandle(source: Uint8Array, at: number): Receipt | null {
  if (at + RECEIPT_HANDLE_CHARACTERS > source.length) return null
  let to = 0
  for (let i = at; i < at + RECEIPT_HANDLE_CHARACTERS; i += 4) {
    const first = NUMBERS[source[i]!]!
    const second = NUMBERS[source[i + 1]!]!
    const third = NUMBERS[source[i + 2]!]!
    const fourth = NUMBERS[source[i + 3]!]!
    if (((first | second | third | fourth) & NO_DIGIT) !== 0) return null
    scratch[to++] = (first << 2) | (second >>> 4)
    scratch[to++] = (second << 4) | (third >>> 2)
    scratch[to++] = (third << 6) | fourth
  }
  if (scratch[0] !== FORM || view.getUint32(CHECKED_BYTES) !== checkOf(scratch)) return null
  return {
    incarnation: view.getUint16(1) * 2 ** 32 + view.getUint32(3),
    slot: view.getUint16(7) * 2 ** 32 + view.getUint32(9),
    receiveNumber: view.getUint8(13) * 2 ** 32 + view.getUint32(14),
    tagHigh: view.getUint32(18),
    tagLow: view.getUint32(22),
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

function writeUint48(at: number, value: number): void {
  view.setUint16(at, value / 2 ** 32)
  view.setUint32(at + 2, value)
}

function writeUint40(at: number, value: number): void {
  view.setUint8(at, value / 2 ** 32)
  view.setUint32(at + 1, value)
}

/** FNV-1a over the bytes before the check. */
function checkOf(bytes: Uint8Array): number {
  let check = 0x811c9dc5
  for (let i = 0; i < CHECKED_BYTES; i++) check = Math.imul(check ^ bytes[i]!, 0x01000193)
  return check >>> 0
}
