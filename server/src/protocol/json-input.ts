import type { ListShape, MapShape, Shape, StructureShape } from '../api/model.ts'
import { decodeBase64 } from './base64.ts'
import { serializationError } from './errors.ts'
import { INTEGER_MAX, INTEGER_MIN, LONG_MAX, LONG_MIN, NESTING_MAX } from './limits.ts'

/**
 * Reads what `JSON.parse` gave as a shape. The parsed object is checked and used as it is: nothing is copied, members
 * that the shape doesn't have stay where they are, and null counts as absent. Throws SerializationException, with AWS's
 * text where it is known.
 */
export type JsonReader = (value: unknown, depth: number) => unknown

const LIST = 'Start of list found where not expected'
const STRUCTURE = 'Start of structure or map found where not expected.'

/** Compiles the readers of one service; a shape is compiled once, however many operations use it. */
export class JsonReaders {
  readonly #readers = new Map<Shape, JsonReader>()

  reader(shape: Shape): JsonReader {
    const known = this.#readers.get(shape)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it reads through this indirection.
    this.#readers.set(shape, (value, depth) => this.reader(shape)(value, depth))
    const reader = this.#compile(shape)
    this.#readers.set(shape, reader)
    return reader
  }

  #compile(shape: Shape): JsonReader {
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape)
      case 'list':
        return this.#list(shape)
      case 'map':
        return this.#map(shape)
      case 'string':
        return (value) => (typeof value === 'string' ? value : refuse(value, 'a String'))
      case 'boolean':
        return (value) => (typeof value === 'boolean' ? value : refuse(value, 'a Boolean'))
      case 'integer':
      case 'long':
        return shape.kind === 'integer' ? integer : long
      case 'float':
      case 'double':
        return fraction
      case 'timestamp':
        return timestamp
      case 'blob':
        return blob
      case 'eventStream':
        throw new Error(`${shape.name}: event streams are not read`)
      default:
        return shape satisfies never
    }
  }

  #structure(shape: StructureShape): JsonReader {
    const readers = new Map(shape.members.map((member) => [member.name, this.reader(member.shape)]))
    return (value, depth) => {
      if (!isObject(value)) return refuseContainer(value, 'Expected null')
      checkDepth(depth)
      for (const name in value) {
        const read = readers.get(name)
        if (read === undefined) continue
        const member = value[name]
        const result = member === null ? undefined : read(member, depth + 1)
        if (result !== member) value[name] = result
      }
      return value
    }
  }

  #list(shape: ListShape): JsonReader {
    const read = this.reader(shape.element)
    return (value, depth) => {
      if (!Array.isArray(value)) {
        throw serializationError(isObject(value) ? STRUCTURE : 'Expected list or null')
      }
      checkDepth(depth)
      for (let i = 0; i < value.length; i++) {
        const element: unknown = value[i]
        if (element === null) throw serializationError('Null found in a list where not expected')
        const result = read(element, depth + 1)
        if (result !== element) value[i] = result
      }
      return value
    }
  }

  #map(shape: MapShape): JsonReader {
    const read = this.reader(shape.value)
    return (value, depth) => {
      if (!isObject(value)) return refuseContainer(value, 'Expected map or null')
      checkDepth(depth)
      for (const key of Object.keys(value)) {
        const entry = value[key]
        if (entry === null) {
          delete value[key]
          continue
        }
        const result = read(entry, depth + 1)
        if (result !== entry) value[key] = result
      }
      return value
    }
  }
}

const integer: JsonReader = (value) =>
  isWhole(value, INTEGER_MIN, INTEGER_MAX) ? value : refuse(value, 'an Integer')

const long: JsonReader = (value) => (isWhole(value, LONG_MIN, LONG_MAX) ? value : refuse(value, 'a Long'))

/** Infinities and NaN come as strings, since JSON has no numbers for them. */
const fraction: JsonReader = (value) => {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  return refuse(value, 'a Double')
}

/** Seconds since the epoch on the wire, milliseconds inside. */
const timestamp: JsonReader = (value) =>
  typeof value === 'number' ? Math.round(value * 1000) : refuse(value, 'a Timestamp')

const blob: JsonReader = (value) => {
  if (typeof value !== 'string') return refuse(value, 'a Blob')
  const bytes = decodeBase64(value)
  if (bytes === undefined) throw serializationError('STRING_VALUE can not be converted to a Blob')
  return bytes
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkDepth(depth: number): void {
  if (depth > NESTING_MAX) throw serializationError('The input nests too deep')
}

/** Refuses what stands where a scalar was expected. */
function refuse(value: unknown, target: string): never {
  throw serializationError(
    Array.isArray(value)
      ? LIST
      : isObject(value)
        ? STRUCTURE
        : `${tokenOf(value)} can not be converted to ${target}`,
  )
}

/** Refuses what stands where a structure or map was expected. */
function refuseContainer(value: unknown, scalarText: string): never {
  throw serializationError(Array.isArray(value) ? LIST : scalarText)
}

/** The parser's token, as AWS names it. */
function tokenOf(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE'
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE'
  return 'NUMBER_VALUE'
}
