import type { ListShape, MapShape, Shape, StructureShape } from '../api/model.ts'
import { serializationError } from './errors.ts'
import { INTEGER_MAX, INTEGER_MIN, LONG_MAX, LONG_MIN, NESTING_MAX } from './limits.ts'

/**
 * Reads what a parser gave (of JSON, of CBOR) as a shape. The parsed value is checked and used as it is: nothing is copied,
 * members that the shape doesn't have stay where they are, and null counts as absent. Throws SerializationException, with
 * AWS's text where it is known.
 */
export type ValueReader = (value: unknown, depth: number) => unknown

/** What each form spells in its own way. A time is read as milliseconds since the epoch, a blob as bytes. */
export interface LeafReaders {
  readonly fraction: ValueReader
  readonly timestamp: ValueReader
  readonly blob: ValueReader
}

const LIST = 'Start of list found where not expected'
const STRUCTURE = 'Start of structure or map found where not expected.'

/** Compiles the readers of one service; a shape is compiled once, however many operations use it. */
export class ValueReaders {
  readonly #leaves: LeafReaders
  readonly #readers = new Map<Shape, ValueReader>()

  constructor(leaves: LeafReaders) {
    this.#leaves = leaves
  }

  reader(shape: Shape): ValueReader {
    const known = this.#readers.get(shape)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it reads through this indirection.
    this.#readers.set(shape, (value, depth) => this.reader(shape)(value, depth))
    const reader = this.#compile(shape)
    this.#readers.set(shape, reader)
    return reader
  }

  #compile(shape: Shape): ValueReader {
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
        return this.#leaves.fraction
      case 'timestamp':
      case 'blob':
        return this.#leaves[shape.kind]
      case 'eventStream':
        throw new Error(`${shape.name}: event streams are not read`)
      default:
        return shape satisfies never
    }
  }

  #structure(shape: StructureShape): ValueReader {
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

  #list(shape: ListShape): ValueReader {
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

  #map(shape: MapShape): ValueReader {
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

const integer: ValueReader = (value) =>
  isWhole(value, INTEGER_MIN, INTEGER_MAX) ? value : refuse(value, 'an Integer')

const long: ValueReader = (value) => (isWhole(value, LONG_MIN, LONG_MAX) ? value : refuse(value, 'a Long'))

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  )
}

function checkDepth(depth: number): void {
  if (depth > NESTING_MAX) throw serializationError('The input nests too deep')
}

/** Refuses what stands where a scalar was expected. */
export function refuse(value: unknown, target: string): never {
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

/** The parser's token, as AWS names it; of bytes no name is known. */
function tokenOf(value: unknown): string {
  if (value instanceof Uint8Array) return 'BLOB_VALUE'
  if (typeof value === 'string') return 'STRING_VALUE'
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE'
  return 'NUMBER_VALUE'
}
