import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProtocolName, ServiceModel, Shape, StructureShape } from '../api/model.ts'
import { cborWriters } from './cbor-leaves.ts'
import { jsonWriters } from './json-leaves.ts'
import { toForm } from './test-form.ts'
import { writeAsJackson } from './test-jackson.ts'
import { cborRequest, createHarness, formRequest, jsonRequest, models, targetOf } from './test-services.ts'
import { ValueWriters } from './value-output.ts'
import type { WireRequest } from './wire.ts'

/**
 * An input of each operation, made from its shape, is written as a client would write it in each protocol. The operation
 * must see the same either way.
 */

for (const model of models) {
  for (const { name, input } of model.operations.values()) {
    test(`${model.name} ${name} gets the same input in ${model.protocols.join(', ')}`, async () => {
      const harness = createHarness()
      await fc.assert(
        fc.asyncProperty(structures(input, 2), async (value) => {
          harness.inputs.length = 0
          for (const protocol of model.protocols) {
            await harness.send(requestIn(protocol, model, name, input, value))
          }
          expect(harness.inputs).toEqual(model.protocols.map(() => value))
        }),
        { numRuns: 30 },
      )
    })
  }
}

const toJson = new ValueWriters(jsonWriters)
const toCbor = new ValueWriters(cborWriters)

function requestIn(
  protocol: ProtocolName,
  model: ServiceModel,
  name: string,
  input: StructureShape,
  value: object,
): Partial<WireRequest> {
  const target = targetOf(model, name)
  switch (protocol) {
    case 'json':
      return jsonRequest(target, JSON.stringify(toJson.writer(input)?.(value) ?? value))
    case 'aws-cbor':
      return cborRequest(target, writeAsJackson(toCbor.writer(input)?.(value) ?? value))
    case 'query': {
      const form = [`Action=${name}`, `Version=${model.apiVersion}`, ...toForm(input, value, '')]
      return formRequest(form.join('&'))
    }
    default:
      throw new Error(`no requests in ${protocol}`)
  }
}

/** A form can't say of an element that it's there and empty; so none is. */
function values(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'structure':
      return structures(shape, depth - 1).filter((structure) => Object.keys(structure).length > 0)
    case 'list':
      return fc.array(values(shape.element, depth), { minLength: 1, maxLength: 3 })
    case 'map':
      return fc.dictionary(texts, values(shape.value, depth), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      })
    case 'string':
      return texts
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer()
    case 'long':
      return fc.maxSafeInteger()
    case 'float':
    case 'double':
      return fc.double({ noDefaultInfinity: false }).map((value) => value + 0)
    case 'timestamp':
      return fc.integer({ min: 0, max: 4_000_000_000_000 })
    case 'blob':
      return fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes))
    case 'eventStream':
      throw new Error('no input is streamed')
    default:
      return shape satisfies never
  }
}

const texts = fc.oneof(
  fc.string({ minLength: 1, unit: 'binary' }).map((text) => Buffer.from(text).toString()),
  fc.constantFrom('__proto__', 'constructor', 'a.b', '1', '&=+%', '\r\n'),
)

function structures(shape: StructureShape, depth: number): fc.Arbitrary<object> {
  const members = shape.members
    .filter(
      (member) => member.required || depth > 0 || !['structure', 'list', 'map'].includes(member.shape.kind),
    )
    .map((member) => [member.name, values(member.shape, depth)] as const)
  const requiredKeys = shape.required.map((member) => member.name)
  return fc.record(Object.fromEntries(members), { requiredKeys, noNullPrototype: true })
}
