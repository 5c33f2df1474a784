import fc from 'fast-check'

/** Pieces that mean something to one parser or another, and what looks like it. */
export const MEANINGFUL: readonly string[] = [
  ...['', ' ', '\t', '\n', '\r\n', '\0', '\u{7f}', '\u00e9', '\u2028', '\ufffe', '\ud800', '\u{1f600}'],
  ...[
    '"',
    "'",
    '\\',
    '\\"',
    '\\u0000',
    '\\ud800',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '=',
    '&',
    ';',
    '%',
    '%41',
    '%zz',
    '+',
    '/',
    '//',
    '?',
    '#',
  ],
  ...[
    '*',
    '**',
    '${',
    '${}',
    '${aws:username}',
    "${a,'b'}",
    '<',
    '>',
    '&amp;',
    ']]>',
    '<!--',
    '-',
    '--',
    '.',
    '..',
    '\u00b5',
  ],
  ...[
    '0',
    '-0',
    '1',
    '01',
    '1e5',
    '1e400',
    '-1',
    '0x1',
    '2147483648',
    '9007199254740993',
    '99999999999999999999',
    'NaN',
    'null',
    'true',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'arn:aws:',
    'arn:aws:sqs:us-east-1:000000000000:orders',
    '000000000000',
    'us-east-1',
    'AAAA',
    '====',
  ],
]

interface Change {
  readonly kind: 'cut' | 'double' | 'insert' | 'replace' | 'flip' | 'repeat'
  readonly at: number
  readonly length: number
  readonly piece: string
}

const changes: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('cut', 'double', 'insert', 'replace', 'flip', 'repeat'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 12 }),
  piece: fc.oneof(fc.constantFrom(...MEANINGFUL), fc.string({ maxLength: 4, unit: 'binary' })),
})

function changed(text: string, { kind, at: position, length, piece }: Change): string {
  const at = position % (text.length + 1)
  const before = text.slice(0, at)
  const taken = text.slice(at, at + length)
  const after = text.slice(at + length)
  switch (kind) {
    case 'cut':
      return before + after
    case 'double':
      return before + taken + taken + after
    case 'insert':
      return before + piece + text.slice(at)
    case 'replace':
      return before + piece + after
    case 'flip':
      return before + (taken === taken.toUpperCase() ? taken.toLowerCase() : taken.toUpperCase()) + after
    case 'repeat':
      return before + piece.repeat(length * 20) + text.slice(at)
    default:
      return kind satisfies never
  }
}

/** One of some texts, with up to so many changes; as it is, now and then. */
export function mutated(texts: readonly string[], changesMax = 4): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(changes, { maxLength: changesMax }))
    .map(([text, all]) => all.reduce(changed, text))
}

/** The same of bytes. */
export function mutatedBytes(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat(3), kind: fc.nat(3) })
  return fc.tuple(fc.constantFrom(...samples), fc.array(change, { maxLength: 5 })).map(([sample, all]) => {
    let bytes = Buffer.from(sample)
    for (const { at: position, byte, cut, kind } of all) {
      const at = position % (bytes.length + 1)
      if (kind === 0 && at < bytes.length) bytes[at] = byte
      else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + cut)])
      else if (kind === 2)
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)])
      else if (at < bytes.length) bytes[at]! ^= 1 << (byte & 7)
    }
    return bytes
  })
}

/** JSON of few words, as deep as it is told, for grammars that are written in it. */
export function jsonOf(
  names: readonly string[],
  scalars: readonly unknown[],
  depth = 5,
): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: depth },
      fc.constantFrom(...scalars),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4 }),
    ),
  })).value
}
