/**
 * A parser of XML 1.0 as the specification has it, for documents without a DTD, comments, CDATA or processing instructions other than the
 * declaration. Other parsers in use take what is no XML; this one throws where anything is not as it must be, so that a test notices.
 */
export interface XmlElement {
  readonly name: string
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** Section 2.2: what a document may consist of. */
const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
const DECLARATION = /^<\?xml version="1\.0"(?: encoding="UTF-8")?\?>\s*/
const TAG = /<(\/?)([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.:-]*="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/g
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#x([0-9a-fA-F]{1,6})|#(\d{1,7}));|(&)/g
const NAMED: ReadonlyMap<string, string> = new Map([
  ...([
    ['amp', '&'],
    ['lt', '<'],
    ['gt', '>'],
    ['quot', '"'],
    ['apos', "'"],
  ] as const),
])

export function parseXml(document: string): XmlElement {
  if (!CHARACTERS.test(document)) throw new Error('a character that no XML holds')
  const body = document.replace(DECLARATION, '')
  const open: { name: string; children: XmlElement[]; text: string }[] = [
    { name: '', children: [], text: '' },
  ]
  for (const [, closing, name, attributes, empty, text, stray] of body.matchAll(TAG)) {
    const parent = open.at(-1)!
    if (stray !== undefined) throw new Error('a tag that is none')
    if (text !== undefined) {
      if (text.includes(']]>')) throw new Error('the end of a section that did not begin')
      // A line ends in one way for whoever reads it (section 2.11).
      parent.text += resolved(text.replaceAll(/\r\n?/g, '\n'))
    } else if (closing === '/') {
      if (name !== parent.name || attributes !== '' || open.length === 1)
        throw new Error(`</${name}> closes nothing`)
      open.pop()
      open.at(-1)!.children.push(parent)
    } else if (name !== undefined) {
      resolved(attributes ?? '')
      const element = { name, children: [], text: '' }
      if (empty === '/') parent.children.push(element)
      else open.push(element)
    }
  }
  const [root] = open
  if (root === undefined || open.length > 1 || root.children.length !== 1 || root.text.trim() !== '') {
    throw new Error('not one element')
  }
  return root.children[0]!
}

function resolved(text: string): string {
  return text.replaceAll(
    REFERENCE,
    (reference, name?: string, hex?: string, decimal?: string, bare?: string) => {
      if (bare !== undefined) throw new Error('an ampersand that stands for nothing')
      if (name !== undefined) return NAMED.get(name)!
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      const character = String.fromCodePoint(code)
      if (!CHARACTERS.test(character)) throw new Error(`${reference} is no character`)
      return character
    },
  )
}
