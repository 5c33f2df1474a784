import type {
  ErrorModel,
  EventStreamShape,
  Member,
  OperationModel,
  ProtocolName,
  ServiceModel,
  Shape,
  StreamedMember,
  StringShape,
  StructureShape,
} from './model.ts'
import type { ModelFile, OperationEntry, Reference, ShapeEntry } from './model-file.ts'

/**
 * Compiles a model file into shapes. References between shapes become object references, also circular ones. Throws an
 * `Error` that names the shape where the file contradicts itself: models are ours, so that is a defect.
 */
export function compileModel(name: string, file: ModelFile): ServiceModel {
  const { metadata } = file
  const shapes = new ShapeCompiler(file.shapes)
  const operations = Object.entries(file.operations).map(([operationName, entry]) =>
    compileOperation(operationName, entry, shapes),
  )
  const errors = Object.entries(file.shapes)
    .filter(([, entry]) => entry.exception === true)
    .map(([errorName]) => compileError(shapes.structure(errorName)))
  return {
    name,
    apiVersion: metadata.apiVersion,
    protocols: metadata.protocols.map(protocolName),
    targetPrefix: metadata.targetPrefix ?? '',
    jsonVersion: metadata.jsonVersion === '1.0' ? '1.0' : '1.1',
    queryCompatible: metadata.awsQueryCompatible !== undefined,
    xmlNamespace: metadata.xmlNamespace ?? '',
    urlMember: metadata.urlMember,
    checksConstraints: metadata.checksConstraints ?? true,
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    errors: new Map(errors.map((error) => [error.name, error])),
  }
}

function protocolName(name: string): ProtocolName {
  switch (name) {
    case 'json':
    case 'aws-cbor':
    case 'query':
    case 'rest-json':
    case 'smithy-rpc-v2-cbor':
      return name
    default:
      throw new Error(`unknown protocol ${name}`)
  }
}

function compileOperation(name: string, entry: OperationEntry, shapes: ShapeCompiler): OperationModel {
  const output = entry.output === undefined ? undefined : shapes.structure(entry.output)
  return {
    name,
    httpMethod: entry.http.method,
    httpPath: entry.http.requestUri,
    httpStatus: entry.http.responseCode ?? 200,
    input: entry.input === undefined ? NO_MEMBERS : shapes.structure(entry.input),
    output,
    eventStream: output && streamedMember(output),
    errors: entry.errors,
  }
}

function streamedMember({ members }: StructureShape): StreamedMember | undefined {
  for (const { name, shape } of members) {
    if (shape.kind === 'eventStream') return { name, shape }
  }
  return undefined
}

const NO_MEMBERS: StructureShape = { kind: 'structure', name: 'Unit', members: [], required: [] }

function compileError(shape: StructureShape): ErrorModel {
  const message = shape.members.find((member) => member.name.toLowerCase() === 'message')
  return { name: shape.name, messageMember: message?.name ?? 'message' }
}

/** A shape while its parts are still being filled in. */
type Unfinished<T> = { -readonly [K in keyof T]: T[K] }

class ShapeCompiler {
  readonly #entries: ReadonlyMap<string, ShapeEntry>
  readonly #compiled = new Map<string, Shape>()

  constructor(entries: Readonly<Record<string, ShapeEntry>>) {
    this.#entries = new Map(Object.entries(entries))
  }

  structure(name: string): StructureShape {
    const shape = this.#shape(name)
    if (shape.kind !== 'structure') throw new Error(`${name} must be a structure`)
    return shape
  }

  #shape(name: string): Shape {
    return this.#compiled.get(name) ?? this.#compile(name, this.#entry(name))
  }

  #entry(name: string): ShapeEntry {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw new Error(`no shape ${name}`)
    return entry
  }

  #compile(name: string, entry: ShapeEntry): Shape {
    const bounds = { min: entry.min, max: entry.max }
    switch (entry.type) {
      case 'structure':
        return entry.eventstream === true
          ? this.#compileEventStream(name, entry)
          : this.#compileStructure(name, entry)
      case 'list': {
        const member = part(name, entry.member)
        const element = this.#shape(member.shape)
        const elementName = member.queryName ?? member.locationName
        return this.#remember({
          kind: 'list',
          name,
          element,
          elementName: elementName ?? 'member',
          ...bounds,
        })
      }
      case 'map': {
        const key = part(name, entry.key)
        const value = part(name, entry.value)
        return this.#remember({
          kind: 'map',
          name,
          key: this.#string(key.shape),
          value: this.#shape(value.shape),
          keyName: key.queryName ?? key.locationName ?? 'key',
          valueName: value.queryName ?? value.locationName ?? 'value',
          ...bounds,
        })
      }
      case 'string':
        return this.#remember({
          kind: 'string',
          name,
          pattern: entry.pattern,
          choices: entry.enum,
          ...bounds,
        })
      case 'integer':
      case 'long':
      case 'float':
      case 'double':
      case 'blob':
        return this.#remember({ kind: entry.type, name, ...bounds })
      case 'boolean':
      case 'timestamp':
        return this.#remember({ kind: entry.type, name })
      default:
        throw new Error(`${name}: unknown type ${entry.type}`)
    }
  }

  #remember(shape: Shape): Shape {
    this.#compiled.set(shape.name, shape)
    return shape
  }

  #string(name: string): StringShape {
    const shape = this.#shape(name)
    if (shape.kind !== 'string') throw new Error(`${name} must be a string: it is a key`)
    return shape
  }

  /** Circles always pass through a structure, so it is remembered before its members are compiled. */
  #compileStructure(name: string, entry: ShapeEntry): StructureShape {
    const members: Member[] = []
    const shape: Unfinished<StructureShape> = { kind: 'structure', name, members, required: [] }
    this.#compiled.set(name, shape)
    const required = entry.required ?? []
    for (const [memberName, reference] of Object.entries(entry.members ?? {})) {
      // Parsed objects are read by member name, so a name that every object inherits would always seem to be there.
      if (memberName in Object.prototype) throw new Error(`${name}.${memberName}: the name is every object's`)
      members.push(this.#compileMember(memberName, reference, entry.payload === memberName, required))
    }
    // In the model's own order: AWS reports the first that is missing.
    shape.required = required.map((memberName) => {
      const member = members.find((each) => each.name === memberName)
      if (member === undefined) throw new Error(`${name} requires ${memberName}, which it doesn't have`)
      return member
    })
    return shape
  }

  #compileEventStream(name: string, entry: ShapeEntry): EventStreamShape {
    const members = Object.entries(entry.members ?? {})
    const isError = (shape: string) => this.#entry(shape).exception === true
    const shape: EventStreamShape = {
      kind: 'eventStream',
      name,
      events: members
        .filter(([, reference]) => !isError(reference.shape))
        .map(([eventName, reference]) => ({ name: eventName, shape: this.structure(reference.shape) })),
      errors: members
        .filter(([, reference]) => isError(reference.shape))
        .map(([, reference]) => reference.shape),
    }
    this.#compiled.set(name, shape)
    return shape
  }

  #compileMember(name: string, reference: Reference, payload: boolean, required: readonly string[]): Member {
    const target = this.#entry(reference.shape)
    const flattened = reference.flattened ?? target.flattened ?? false
    const shape = this.#shape(reference.shape)
    const ownName = reference.queryName ?? reference.locationName ?? name
    // The elements of a flattened list stand in the member's place, under their own name if they have one.
    const elementName = flattened ? (target.member?.queryName ?? target.member?.locationName) : undefined
    return {
      name,
      shape,
      required: required.includes(name),
      queryName: elementName ?? ownName,
      location: location(reference.location, name),
      locationName: reference.locationName ?? name,
      payload,
      flattened,
    }
  }
}

function part(name: string, reference: Reference | undefined): Reference {
  if (reference === undefined) throw new Error(`${name} lacks the shape of its elements`)
  return reference
}

function location(place: string | undefined, name: string): Member['location'] {
  switch (place) {
    case undefined:
      return 'body'
    case 'uri':
    case 'querystring':
    case 'header':
    case 'headers':
    case 'statusCode':
      return place
    default:
      throw new Error(`${name}: unknown location ${place}`)
  }
}
