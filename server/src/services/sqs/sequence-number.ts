/**
 * The sequence number of a message in a FIFO queue, at least 20 digits long as those of AWS:
 *
 * ```
 *   1 000 000 + incarnation of the queue   │ slot, 13 digits
 * ```
 *
 * Slots grow from message to message, and a queue that is deleted and created again has a greater incarnation: so numbers
 * grow for every queue name, always. A queue has 10^13 of them, enough for 30 years at 10,000 messages a second.
 */
const INCARNATIONS_FROM = 1_000_000
const SLOT_DIGITS = 13

/** Numbers with the same digits but for so many at the end follow each other, and a request has several of them. */
const LAST_DIGITS = 2
const LAST_NUMBERS = 10 ** LAST_DIGITS
const LAST = Array.from({ length: LAST_NUMBERS }, (_, number) => String(number).padStart(LAST_DIGITS, '0'))

/** The digits before the last ones, as they were asked for last. */
let latest = { incarnation: -1, hundred: -1, digits: '' }

export function sequenceNumber(incarnation: number, slot: number): string {
  const hundred = Math.floor(slot / LAST_NUMBERS)
  if (latest.hundred !== hundred || latest.incarnation !== incarnation) {
    const digits = String(hundred).padStart(SLOT_DIGITS - LAST_DIGITS, '0')
    latest = { incarnation, hundred, digits: `${INCARNATIONS_FROM + incarnation}${digits}` }
  }
  return latest.digits + LAST[slot - hundred * LAST_NUMBERS]!
}
