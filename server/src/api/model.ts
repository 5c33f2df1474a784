/**
 * Service models: the shapes of a service's operations, compiled once at start from models/*.json by
 * `compile-model.ts`. Protocols derive their parsers and serialisers from them.
 */
export interface ServiceModel {
  /** The file's name, e.g. `sqs`. */
  readonly name: string
  /** E.g. `2012-11-05`: the `Version` parameter of Query requests. */
  readonly apiVersion: string
  readonly protocols: readonly ProtocolName[]
  /** What stands before the operation's name in `X-Amz-Target`; empty for services that don't use it. */
  readonly targetPrefix: string
  readonly jsonVersion: '1.0' | '1.1'
  /** JSON errors also carry the Query code, in `x-amzn-query-error`. */
  readonly queryCompatible: boolean
  /** The namespace of Query answers; empty for services without Query. */
  readonly xmlNamespace: string
  /** The input member that the request's URL stands in for, where a Query request leaves it out. */
  readonly urlMember: string | undefined
  /** False where the service words its own errors for lengths, ranges, patterns and enumerations. */
  readonly checksConstraints: boolean
  readonly operations: ReadonlyMap<string, OperationModel>
  /** Every exception of the service by the name of its shape. */
  readonly errors: ReadonlyMap<string, ErrorModel>
}

export interface ErrorModel {
  readonly name: string
  /** Models differ in its case. */
  readonly messageMember: string
}

/** `aws-cbor` is what the SDKs for Java speak to some JSON services; AWS's own models don't mention it. */
export type ProtocolName = 'json' | 'aws-cbor' | 'query' | 'rest-json' | 'smithy-rpc-v2-cbor'

export interface OperationModel {
  readonly name: string
  readonly httpMethod: string
  /** The URI template of REST protocols. */
  readonly httpPath: string
  readonly httpStatus: number
  readonly input: StructureShape
  /** Undefined where the operation answers with nothing. */
  readonly output: StructureShape | undefined
  /** The member of the output that is streamed, if one is. */
  readonly eventStream: StreamedMember | undefined
  /** The names of the exceptions it is modelled with. */
  readonly errors: readonly string[]
}

export interface StreamedMember {
  readonly name: string
  readonly shape: EventStreamShape
}

export type Shape =
  | StructureShape
  | ListShape
  | MapShape
  | StringShape
  | NumberShape
  | BooleanShape
  | BlobShape
  | TimestampShape
  | EventStreamShape

/** Shapes may refer back to themselves: each parser bounds how deep it follows a client. */
export interface StructureShape {
  readonly kind: 'structure'
  readonly name: string
  readonly members: readonly Member[]
  /** In the order in which AWS checks them. */
  readonly required: readonly Member[]
}

export interface Member {
  readonly name: string
  readonly shape: Shape
  readonly required: boolean
  /** The name in forms and XML. A flattened list's elements bear it themselves. */
  readonly queryName: string
  /** Where REST protocols carry it. */
  readonly location: 'body' | 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode'
  readonly locationName: string
  /** The member that is the whole body, in REST protocols. */
  readonly payload: boolean
  /** Lists and maps: their elements stand in the parent, without an element of their own. */
  readonly flattened: boolean
}

export interface ListShape extends Bounds {
  readonly kind: 'list'
  readonly name: string
  readonly element: Shape
  /** What an element is called in forms and XML where the list isn't flattened. */
  readonly elementName: string
}

export interface MapShape extends Bounds {
  readonly kind: 'map'
  readonly name: string
  readonly key: StringShape
  readonly value: Shape
  readonly keyName: string
  readonly valueName: string
}

export interface StringShape extends Bounds {
  readonly kind: 'string'
  readonly name: string
  /** As the model writes it, for error texts. */
  readonly pattern: string | undefined
  readonly choices: readonly string[] | undefined
}

export interface NumberShape extends Bounds {
  readonly kind: 'integer' | 'long' | 'float' | 'double'
  readonly name: string
}

export interface BooleanShape {
  readonly kind: 'boolean'
  readonly name: string
}

export interface BlobShape extends Bounds {
  readonly kind: 'blob'
  readonly name: string
}

/** In and out of operations, a time is milliseconds since the epoch. */
export interface TimestampShape {
  readonly kind: 'timestamp'
  readonly name: string
}

/**
 * A member of an output that is not written as one value but streamed: each event and each error that ends the stream is a
 * message of its own. Operations give an `AsyncIterable` of objects with one member, the event's name, and throw the errors.
 */
export interface EventStreamShape {
  readonly kind: 'eventStream'
  readonly name: string
  readonly events: readonly EventModel[]
  /** The names of the errors that may end it. */
  readonly errors: readonly string[]
}

export interface EventModel {
  readonly name: string
  readonly shape: StructureShape
}

/** Smallest and largest length (characters, bytes, elements) or value. */
export interface Bounds {
  readonly min: number | undefined
  readonly max: number | undefined
}

/**
 * One thing that is wrong with an input that could be parsed. `path` leads to the value as AWS writes it, but in the
 * model's case, with positions from 1: `Entries.1.member.Id`. `queryPath` is the same place as Query clients name it:
 * `SendMessageBatchRequestEntry.1.Id`.
 */
export type Violation = { readonly path: string; readonly queryPath: string } & Reason

export type Reason =
  | { readonly kind: 'missing' }
  | (Constraint & { readonly value: unknown })
  /** Some of a list's elements, or of a map's keys or values, break the constraints that all of them have. `value` is the whole. */
  | {
      readonly kind: 'parts'
      readonly part: 'element' | 'key' | 'value'
      readonly value: unknown
      readonly constraints: readonly Constraint[]
    }

/** What a single value must be like. */
export type Constraint =
  | { readonly kind: 'tooShort' | 'tooSmall'; readonly min: number }
  | { readonly kind: 'tooLong' | 'tooLarge'; readonly max: number }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
