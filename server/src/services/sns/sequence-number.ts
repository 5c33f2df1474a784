const FIRST = 10_000_000_000_000_000_000n

/** A FIFO topic's sequence number as clients see it: 20 digits, which grow from message to message. */
export function sequenceNumber(sequence: number): string {
  return String(FIRST + BigInt(sequence))
}
