import type { ListShape, MapShape, Member, Shape, StructureShape } from '../api/model.ts'
import { ServiceError } from '../api/service-error.ts'
import { decodeBase64 } from './base64.ts'
import { MalformedInput } from './errors.ts'
import type { FormNode } from './form.ts'
import { INTEGER_MAX, INTEGER_MIN, LONG_MAX, LONG_MIN } from './limits.ts'

/**
 * Reads the parameters of a Query request as a shape:
 *
 * ```
 *   list, flattened        AttributeName.1=All                    map, flattened        Tag.1.Key=a  Tag.1.Value=b
 *   list, not flattened    Names.member.1=All                     map, not flattened    Tags.entry.1.key=a  …
 * ```
 *
 * What is flattened may stand there once without its position (`AttributeName=All`, `Attribute.Name=…`), as in AWS's own
 * examples. How deep it goes is bounded by the form: a name has only so many parts. Throws MalformedInput.
 */
export type QueryReader = (node: FormNode) => unknown

/** Compiles the readers of one service; a shape is compiled once, however many operations use it. */
export class QueryReaders {
  readonly #readers = new Map<Shape, QueryReader>()

  /** The reader of a shape that isn't flattened. */
  reader(shape: Shape): QueryReader {
    const known = this.#readers.get(shape)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it reads through this indirection.
    this.#readers.set(shape, (node) => this.reader(shape)(node))
    const reader = this.#compile(shape)
    this.#readers.set(shape, reader)
    return reader
  }

  #compile(shape: Shape): QueryReader {
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape)
      case 'list':
        return this.#list(shape, false)
      case 'map':
        return this.#map(shape, false)
      case 'string':
        return scalar('a String', (text) => text)
      case 'boolean':
        return scalar('a Boolean', (text) => (text === 'true' ? true : text === 'false' ? false : undefined))
      case 'integer':
        return scalar('an Integer', (text) => wholeNumber(text, INTEGER_MIN, INTEGER_MAX))
      case 'long':
        return scalar('a Long', (text) => wholeNumber(text, LONG_MIN, LONG_MAX))
      case 'float':
      case 'double':
        return scalar('a Double', fraction)
      case 'timestamp':
        return scalar('a Timestamp', timestamp)
      case 'blob':
        return scalar('a Blob', decodeBase64)
      case 'eventStream':
        throw new Error(`${shape.name}: event streams are not read`)
      default:
        return shape satisfies never
    }
  }

  #structure(shape: StructureShape): QueryReader {
    const members = shape.members.map((member) => ({ member, read: this.#memberReader(member) }))
    return (node) => {
      const structure: Record<string, unknown> = {}
      for (const { member, read } of members) {
        const child = node.child(member.queryName)
        if (child !== undefined) structure[member.name] = read(child)
      }
      return structure
    }
  }

  #memberReader({ shape, flattened }: Member): QueryReader {
    if (flattened && shape.kind === 'list') return this.#list(shape, true)
    if (flattened && shape.kind === 'map') return this.#map(shape, true)
    return this.reader(shape)
  }

  #list(shape: ListShape, flattened: boolean): QueryReader {
    const read = this.reader(shape.element)
    return (node) => {
      if (flattened && node.value) return [read(node)]
      const elements = flattened ? node : node.child(shape.elementName)
      return elements === undefined ? [] : elements.numbered().map((element) => read(element))
    }
  }

  #map(shape: MapShape, flattened: boolean): QueryReader {
    const readKey = this.reader(shape.key)
    const read = this.reader(shape.value)
    return (node) => {
      const entries = flattened ? node : node.child('entry')
      if (entries === undefined) return {}
      const isBare = flattened && entries.child(shape.keyName) !== undefined
      // Object.fromEntries defines own properties: `__proto__` is a key like any other.
      return Object.fromEntries(
        (isBare ? [entries] : entries.numbered()).map((entry) => {
          const key = readKey(part(entry, shape.keyName))
          // A structure without members leaves no parameters; what it lacks is found by the check of the input.
          if (shape.value.kind === 'structure' && entry.child(shape.valueName) === undefined) return [key, {}]
          return [key, read(part(entry, shape.valueName))]
        }),
      )
    }
  }
}

function part(entry: FormNode, name: string): FormNode {
  const node = entry.child(name)
  if (node === undefined) throw new ServiceError(MalformedInput, `An entry of a map lacks its ${name}`)
  return node
}

/** `convert` gives undefined for a text that can't be read so. */
function scalar(target: string, convert: (text: string) => unknown): QueryReader {
  return (node) => {
    if (node.value === undefined || node.children.size > 0) {
      throw new ServiceError(MalformedInput, 'Unexpected complex element termination')
    }
    const value = convert(node.value)
    if (value === undefined) {
      throw new ServiceError(MalformedInput, `STRING_VALUE can not be converted to ${target}`)
    }
    return value
  }
}

function wholeNumber(text: string, min: number, max: number): number | undefined {
  const value = /^-?\d{1,19}$/.test(text) ? Number(text) : Number.NaN
  // -0 has no place among whole numbers.
  return value >= min && value <= max ? value + 0 : undefined
}

function fraction(text: string): number | undefined {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text)
  return /^[+-]?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,4})?$/.test(text) ? Number(text) : undefined
}

/** ISO 8601, with a zone. */
function timestamp(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}
