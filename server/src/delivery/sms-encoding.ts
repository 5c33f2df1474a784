/**
 * How a text becomes text messages. 3GPP TS 23.038 has the alphabet of seven bits and its extension, 3GPP TS 23.040 the header that
 * joins parts:
 *
 * ```
 *   05 00 03 rr nn ii        length of the header · joined parts · length · reference · number of parts · part, from 1
 * ```
 */
export interface SmsPart {
  /** The user data: a header if there is more than one part, then the text, one octet for each septet, or UCS-2. */
  readonly octets: Uint8Array
}

export interface EncodedSms {
  /** SMPP's data_coding: 0 for the gateway's default alphabet, which is the one of seven bits, 8 for UCS-2. */
  readonly dataCoding: 0 | 8
  readonly parts: readonly SmsPart[]
}

/** From 0 to 127; the place of the escape is a space, as the standard has it shown. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const EXTENSION: Readonly<Record<string, number>> = {
  ...{ '\f': 0x0a, '^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2f, '[': 0x3c, '~': 0x3d, ']': 0x3e, '|': 0x40 },
  '€': 0x65,
}
const ESCAPE = 0x1b
const SPACE = 0x20

const SEPTETS = new Map<string, readonly number[]>([
  ...[...BASIC].map((character, i) => [character, [i]] as const),
  // After the place of the escape, which looks the same in the table.
  [' ', [SPACE]],
  ...Object.entries(EXTENSION).map(([character, code]) => [character, [ESCAPE, code]] as const),
])

/** Octets of one message; of one part of several, seven or six octets go to the header. */
const SEPTETS_ALONE = 160
const SEPTETS_JOINED = 153
const UCS2_OCTETS_ALONE = 140
const UCS2_OCTETS_JOINED = 134
const PARTS_MAX = 255

/** `reference`, 0 to 255, joins the parts of one message on the phone; undefined if there would be too many. */
export function encodeSms(text: string, reference: number): EncodedSms | undefined {
  // By code points, so that neither an escape nor a surrogate is torn from what follows it.
  const characters = [...text]
  const isBasic = characters.every((character) => SEPTETS.has(character))
  const encoded = characters.map((character) =>
    isBasic ? (SEPTETS.get(character) ?? []) : ucs2Of(character),
  )
  const whole = joined(encoded)
  const dataCoding = isBasic ? 0 : 8
  if (whole.length <= (isBasic ? SEPTETS_ALONE : UCS2_OCTETS_ALONE))
    return { dataCoding, parts: [{ octets: whole }] }

  const texts = split(encoded, isBasic ? SEPTETS_JOINED : UCS2_OCTETS_JOINED)
  if (texts.length > PARTS_MAX) return undefined
  const parts = texts.map((part, i) => ({
    octets: Uint8Array.of(5, 0, 3, reference, texts.length, i + 1, ...part),
  }))
  return { dataCoding, parts }
}

/** Fills parts of at most `octetsMax`, character by character. */
function split(characters: readonly (readonly number[])[], octetsMax: number): readonly Uint8Array[] {
  const parts: number[][] = [[]]
  for (const character of characters) {
    const last = parts.at(-1)
    if (last !== undefined && last.length + character.length <= octetsMax) last.push(...character)
    else parts.push([...character])
  }
  return parts.map((part) => Uint8Array.from(part))
}

/** UTF-16 in network order, which is what phones take UCS-2 for. */
function ucs2Of(character: string): readonly number[] {
  return [...Buffer.from(character, 'utf16le').swap16()]
}

function joined(characters: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(characters.flat())
}
