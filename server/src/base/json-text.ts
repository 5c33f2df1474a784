/**
 * Writes text inside of a JSON string, from UTF-8 bytes to UTF-8 bytes, as `JSON.stringify` would escape it: for what is stored as bytes and goes out
 * as bytes. Mostly there is nothing to escape, so that it looks at four bytes at a time, which it copies as it sees them.
 */

/** What one byte may become: `\u001f`. */
export const ESCAPED_BYTES_MAX = 6

const BACKSLASH = 0x5c
const HEX_DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** For each ASCII character what follows the backslash; 0 where it stands for itself, `u` for a code in hexadecimal. */
const ESCAPES = new Uint8Array(128).fill(0x75, 0, 0x20)
for (const [character, letter] of ['""', '\\\\', '\bb', '\tt', '\nn', '\ff', '\rr']) {
  ESCAPES[character!.charCodeAt(0)] = letter!.charCodeAt(0)
}

/** Writes the text that stands in `source` from `from` to `to` (exclusive) at `at` in `target`; returns the position behind it. */
export function writeJsonText(
  source: DataView,
  from: number,
  to: number,
  target: DataView,
  at: number,
): number {
  let position = at
  let i = from
  for (; i + 4 <= to; i += 4) {
    const word = source.getInt32(i, true)
    if (mayHoldEscape(word)) {
      position = writeBytes(source, i, i + 4, target, position)
    } else {
      target.setInt32(position, word, true)
      position += 4
    }
  }
  return writeBytes(source, i, to, target, position)
}

/**
 * Whether one of the four bytes is a control character, a quotation mark or a backslash; now and then where none is. In each comparison
 * the highest bit of a byte says so: it was 0 and borrowed. https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord
 */
function mayHoldEscape(word: number): boolean {
  const quotation = word ^ 0x22222222
  const backslash = word ^ 0x5c5c5c5c
  const found =
    ((word - 0x20202020) & ~word) |
    ((quotation - 0x01010101) & ~quotation) |
    ((backslash - 0x01010101) & ~backslash)
  return (found & 0x80808080) !== 0
}

function writeBytes(source: DataView, from: number, to: number, target: DataView, at: number): number {
  let position = at
  for (let i = from; i < to; i++) {
    const byte = source.getUint8(i)
    const escaped = byte < ESCAPES.length ? ESCAPES[byte]! : 0
    if (escaped === 0) {
      target.setUint8(position++, byte)
      continue
    }
    target.setUint8(position++, BACKSLASH)
    target.setUint8(position++, escaped)
    if (escaped !== 0x75) continue
    target.setUint16(position, 0x3030)
    target.setUint8(position + 2, HEX_DIGITS[byte >>> 4]!)
    target.setUint8(position + 3, HEX_DIGITS[byte & 15]!)
    position += 4
  }
  return position
}
