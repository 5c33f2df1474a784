import type { Shape, StructureShape } from '../api/model.ts'

/** Turns an output into what the encoder of a form (JSON, CBOR) writes as the shape. */
export type ValueWriter = (value: unknown) => unknown

/** What each form spells in its own way; undefined where its encoder writes it rightly by itself. */
export interface LeafWriters {
  readonly fraction: ValueWriter | undefined
  readonly timestamp: ValueWriter | undefined
  readonly blob: ValueWriter | undefined
}

/** Compiles the writers of one service. */
export class ValueWriters {
  readonly #leaves: LeafWriters
  readonly #writers = new Map<Shape, ValueWriter | undefined>()

  constructor(leaves: LeafWriters) {
    this.#leaves = leaves
  }

  /** Undefined where the value can be encoded as it is: nothing within needs another spelling. */
  writer(shape: Shape): ValueWriter | undefined {
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

  #compile(shape: Shape): ValueWriter | undefined {
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
      case 'timestamp':
        return this.#leaves[shape.kind]
      case 'float':
      case 'double':
        return this.#leaves.fraction
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
  #structure(shape: StructureShape): ValueWriter | undefined {
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
