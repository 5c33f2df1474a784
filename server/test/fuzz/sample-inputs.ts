import fc from 'fast-check'
import type { Member, Shape, StringShape, StructureShape } from '../../src/api/model.ts'
import { MEANINGFUL, mutated } from './mutated-text.ts'

/** Texts that mean something in a member of that name, because a server gave them or would take them. */
export type KnownTexts = Readonly<Record<string, readonly string[]>>

const NUMBERS = [0, 1, 2, 10, -1, 21, 43_201, 1_209_600, 2 ** 31 - 1, -(2 ** 31), 1_800_000_000]
/** Members that would have a request wait, or the server work for seconds over a key. */
const NEVER_LONG: Readonly<Record<string, readonly unknown[]>> = {
  WaitTimeSeconds: [0, -1, 21],
  KeySpec: ['SYMMETRIC_DEFAULT', 'HMAC_256', 'ECC_NIST_P256', 'AES_256', 'RSA_9', ''],
  KeyPairSpec: ['ECC_NIST_P256', 'RSA_9', ''],
  CustomerMasterKeySpec: ['SYMMETRIC_DEFAULT', 'HMAC_256', ''],
}

/** Inputs of an operation: mostly well-formed, and often about what there is. */
export function inputsOf(shape: StructureShape, known: KnownTexts): fc.Arbitrary<object> {
  return new Samples(known).structures(shape, 3)
}

class Samples {
  readonly #known: KnownTexts

  constructor(known: KnownTexts) {
    this.#known = known
  }

  structures(shape: StructureShape, depth: number): fc.Arbitrary<object> {
    const members = shape.members
      .filter((member) => member.required || depth > 0 || isSingle(member.shape))
      .map((member) => [member.name, this.#member(member, depth)] as const)
    const always = shape.required.map((member) => member.name)
    const whole = fc.record(Object.fromEntries(members), { requiredKeys: always, noNullPrototype: true })
    const inParts = fc.record(Object.fromEntries(members), { requiredKeys: [], noNullPrototype: true })
    return fc.oneof({ weight: 9, arbitrary: whole }, inParts)
  }

  #member({ name, shape }: Member, depth: number): fc.Arbitrary<unknown> {
    const choices = NEVER_LONG[name]
    return choices === undefined ? this.#values(shape, name, depth) : fc.constantFrom(...choices)
  }

  #values(shape: Shape, name: string, depth: number): fc.Arbitrary<unknown> {
    switch (shape.kind) {
      case 'structure':
        return this.structures(shape, depth - 1)
      case 'list':
        return fc.array(this.#values(shape.element, name, depth), { maxLength: depth > 0 ? 3 : 1 })
      case 'map':
        return fc.dictionary(
          this.#texts(shape.key, `${name} key`),
          this.#values(shape.value, `${name} value`, depth),
          {
            ...{ maxKeys: 3, noNullPrototype: true },
          },
        )
      case 'string':
        return this.#texts(shape, name)
      case 'boolean':
        return fc.boolean()
      case 'integer':
      case 'long':
        return fc.oneof(fc.constantFrom(...NUMBERS), fc.integer())
      case 'float':
      case 'double':
        return fc.oneof(fc.constantFrom(...NUMBERS), fc.double({ noDefaultInfinity: true, noNaN: true }))
      case 'timestamp':
        return fc.constantFrom(0, Date.now(), Date.now() - 60_000, 4_000_000_000_000)
      case 'blob': {
        const known = (this.#known[name] ?? []).map((text) => Buffer.from(text, 'base64'))
        const any = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))
        return known.length === 0 ? any : fc.oneof(fc.constantFrom(...known), any)
      }
      case 'eventStream':
        throw new Error('no input is streamed')
      default:
        return shape satisfies never
    }
  }

  #texts({ choices = [], min = 0 }: StringShape, name: string): fc.Arbitrary<string> {
    const known = [...(this.#known[name] ?? []), ...choices]
    const anything = fc.oneof(
      fc.constantFrom(...MEANINGFUL),
      fc.constantFrom('orders', 'a'.repeat(Math.min(min, 64)), 'a'.repeat(300)),
      fc.string({ unit: 'binary', maxLength: 12 }),
    )
    if (known.length === 0) return anything
    return fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...known) },
      { weight: 2, arbitrary: mutated(known, 2) },
      anything,
    )
  }
}

function isSingle({ kind }: Shape): boolean {
  return kind !== 'structure' && kind !== 'list' && kind !== 'map'
}
