const TWO_TO_32 = 2 ** 32

/** Writes a whole number from 0 to 2^53-1 as 64 bits, little-endian. */
export function writeUint53(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / TWO_TO_32)
  view.setUint32(at, value - high * TWO_TO_32, true)
  view.setUint32(at + 4, high, true)
}

/**
 * Reads 64 bits, little-endian. Values over 2^53-1, which nobody wrote, come back inexact: they stand behind a checksum, so
 * that such a value fails what is compared with it and never passes for another.
 */
export function readUint53(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_TO_32 + view.getUint32(at, true)
}
