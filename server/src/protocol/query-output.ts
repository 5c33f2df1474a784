import type { ListShape, MapShape, Member, Shape, StructureShape } from '../api/model.ts'
import { encodeBase64 } from './base64.ts'

/** Writes a value as the content of its element. */
export type XmlWriter = (value: unknown) => string

/** Compiles the writers of one service. Members that are undefined are left out. */
export class XmlWriters {
  readonly #writers = new Map<Shape, XmlWriter>()

  /** The writer of a shape that isn't flattened. */
  writer(shape: Shape): XmlWriter {
    const known = this.#writers.get(shape)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it writes through this indirection.
    this.#writers.set(shape, (value) => this.writer(shape)(value))
    const writer = this.#compile(shape)
    this.#writers.set(shape, writer)
    return writer
  }

  #compile(shape: Shape): XmlWriter {
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape)
      case 'list':
        return this.#list(shape, shape.elementName)
      case 'map':
        return this.#map(shape, 'entry')
      case 'string':
        return (value) => escapeXml(String(value))
      case 'boolean':
      case 'integer':
      case 'long':
      case 'float':
      case 'double':
        return String
      case 'timestamp':
        return (value) => new Date(Number(value)).toISOString().replace('.000Z', 'Z')
      case 'blob':
        return (value) => (value instanceof Uint8Array ? encodeBase64(value) : '')
      case 'eventStream':
        throw new Error(`${shape.name}: the Query protocol has no event streams`)
      default:
        return shape satisfies never
    }
  }

  #structure(shape: StructureShape): XmlWriter {
    const members = shape.members.map((member) => ({ name: member.name, write: this.#member(member) }))
    return (value) => {
      let text = ''
      for (const { name, write } of members) {
        const member: unknown = Reflect.get(Object(value), name)
        if (member !== undefined) text += write(member)
      }
      return text
    }
  }

  /** Writes the member's element, or, of what is flattened, one element for each entry. */
  #member({ shape, flattened, queryName }: Member): XmlWriter {
    if (flattened && shape.kind === 'list') return this.#list(shape, queryName)
    if (flattened && shape.kind === 'map') return this.#map(shape, queryName)
    const write = this.writer(shape)
    return (value) => element(queryName, write(value))
  }

  #list(shape: ListShape, elementName: string): XmlWriter {
    const write = this.writer(shape.element)
    return (value) => {
      let text = ''
      for (const each of Array.isArray(value) ? value : []) text += element(elementName, write(each))
      return text
    }
  }

  #map(shape: MapShape, entryName: string): XmlWriter {
    const write = this.writer(shape.value)
    return (value) => {
      let text = ''
      for (const [key, entry] of Object.entries(value ?? {})) {
        if (entry === undefined) continue
        const pair = element(shape.keyName, escapeXml(key)) + element(shape.valueName, write(entry))
        text += element(entryName, pair)
      }
      return text
    }
  }
}

/** `content` is written as it is. */
export function element(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 can't hold
const SPECIAL = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  // A bare carriage return would be read as a newline (XML 1.0, section 2.11).
  ['\r', '&#xD;'],
])

/** Text for an element or a quoted attribute. What XML can't hold at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPES.get(character) ?? '\ufffd')
}
