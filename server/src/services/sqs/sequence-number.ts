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

export function sequenceNumber(incarnation: number, slot: number): string {
  return `${INCARNATIONS_FROM + incarnation}${String(slot).padStart(SLOT_DIGITS, '0')}`
}
