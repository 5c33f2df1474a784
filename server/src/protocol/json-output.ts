import type { Shape, StructureShape } from '../api/model.ts'
import { encodeBase64 } from './base64.ts'

/** Turns an output into what `JSON.stringify` writes as the shape. */
export type JsonWriter = (value: unknown) => unknown

/** Compiles the writers of one service. */
export class JsonWriters {
  readonly #writers = new Map<Shape, JsonWriter | undefined>()

  /** Undefined where the value can be stringified as it is: nothing within is a blob, a time or a fraction. */
  writer(shape: Shape): JsonWriter | undefined {
    if (this.#writers.has(shape)) return this.#writers.get(shape)
    // A recursive shape meets itself while it is compiled: it writes through this indirection.
    this.#writers.set(shape, (value) => {
      const write = this.#writers.get(shape)
      return write === undefined ? value : write(value)
    })
    const writer = this.#compile(shape)
    this.#writers.set(shape, writer)
    return writer
  }

  #compile(shape: Shape): JsonWriter | undefined {
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape)
      case 'list': {
        const write = this.writer(shape.element)
        return write && ((value) => (Array.isArray(value) ? value.map((element) => write(element)) : value))
      }
      case 'map': {
        const write = this.writer(shape.value)
        return (
          write &&
          ((value) =>
            Object.fromEntries(Object.entries(value ?? {}).map(([key, entry]) => [key, write(entry)])))
        )
      }
      case 'blob':
        return (value) => (value instanceof Uint8Array ? encodeBase64(value) : value)
      case 'timestamp':
        return (value) => Number(value) / 1000
      case 'float':
      case 'double':
        return (value) => (Number.isFinite(value) ? value : String(value))
      case 'string':
      case 'boolean':
      case 'integer':
      case 'long':
      case 'eventStream':
        return undefined
      default:
        return shape satisfies never
    }
  }

  /** Copies only where a member that needs it is there: a message without attributes is written as it is. */
  #structure(shape: StructureShape): JsonWriter | undefined {
    const members = shape.members.flatMap(({ name, shape: inner }) => {
      const write = this.writer(inner)
      return write === undefined ? [] : [{ name, write }]
    })
    if (members.length === 0) return undefined
    return (value) => {
      let copy: object | null = null
      for (const { name, write } of members) {
        const member: unknown = Reflect.get(Object(value), name)
        if (member === undefined) continue
        const target: object = copy ?? { ...Object(value) }
        Reflect.set(target, name, write(member))
        copy = target
      }
      return copy ?? value
    }
  }
}
