/**
 * An XML answer of the Query protocol as the JSON that LocalStack makes of it for clients which ask for JSON: an element is a
 * member by its name, several of one name are a list, one without content is null, and all else is text. Attributes (the
 * namespace) are left out. Only for what we wrote ourselves: no comments, no CDATA, no mixed content.
 */
export function xmlAsJson(xml: string): unknown {
  const document: Element = { name: '', children: new Map(), text: '' }
  const open: Element[] = [document]
  for (const [, closing, name, selfClosing, text] of xml.matchAll(TOKEN)) {
    const parent = open.at(-1) ?? document
    if (text !== undefined) {
      parent.text += plainText(text)
    } else if (closing === '/') {
      open.pop()
      addTo(open.at(-1) ?? document, parent.name, contentOf(parent))
    } else if (name !== undefined) {
      const element: Element = { name, children: new Map(), text: '' }
      if (selfClosing === '/') addTo(parent, name, null)
      else open.push(element)
    }
  }
  return contentOf(document)
}

interface Element {
  readonly name: string
  readonly children: Map<string, unknown[]>
  text: string
}

/** The declaration, a tag with whether it closes or is empty, or text. */
const TOKEN = /<\?[^>]*>|<(\/?)([\w.-]+)(?: \w+="[^"]*")*(\/?)>|([^<]+)/g

function addTo(parent: Element, name: string, value: unknown): void {
  const values = parent.children.get(name)
  if (values === undefined) parent.children.set(name, [value])
  else values.push(value)
}

function contentOf({ children, text }: Element): unknown {
  if (children.size === 0) return text === '' ? null : text
  return Object.fromEntries(
    [...children].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  )
}

/** The escapes of query-output.ts. */
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#xD;', '\r'],
])

function plainText(text: string): string {
  return text.replace(/&#?\w+;/g, (reference) => CHARACTERS.get(reference) ?? reference)
}
