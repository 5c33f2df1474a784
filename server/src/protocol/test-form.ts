import type { Shape, StructureShape } from '../api/model.ts'
import { encodeBase64 } from './base64.ts'

/** The parameters of a form, written from the protocol's description and not from the parser. */
export function toForm(shape: StructureShape, structure: object, prefix: string): string[] {
  return shape.members.flatMap((member) => {
    const value: unknown = Reflect.get(structure, member.name)
    return value === undefined
      ? []
      : parameters(member.shape, value, prefix + member.queryName, member.flattened)
  })
}

function parameters(shape: Shape, value: unknown, name: string, flattened: boolean): string[] {
  switch (shape.kind) {
    case 'structure':
      return toForm(shape, Object(value), `${name}.`)
    case 'list': {
      const prefix = flattened ? name : `${name}.${shape.elementName}`
      const elements: unknown[] = Array.isArray(value) ? value : []
      return elements.flatMap((element, i) => parameters(shape.element, element, `${prefix}.${i + 1}`, false))
    }
    case 'map': {
      const prefix = flattened ? name : `${name}.entry`
      return Object.entries(Object(value)).flatMap(([key, entry], i) => [
        ...parameters(shape.key, key, `${prefix}.${i + 1}.${shape.keyName}`, false),
        ...parameters(shape.value, entry, `${prefix}.${i + 1}.${shape.valueName}`, false),
      ])
    }
    case 'blob':
      return [parameter(name, encodeBase64(value instanceof Uint8Array ? value : new Uint8Array()))]
    case 'timestamp':
      return [parameter(name, new Date(Number(value)).toISOString())]
    default:
      return [parameter(name, String(value))]
  }
}

function parameter(name: string, value: string): string {
  return `${encoded(name)}=${encoded(value)}`
}

/** Half a pair of surrogates can't be encoded; clients replace it. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}
