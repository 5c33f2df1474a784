/** A service model as models/*.json holds it, checked by the compiler only; `compileModel` makes shapes of it. */
export interface ModelFile {
  readonly metadata: {
    readonly apiVersion: string
    readonly awsQueryCompatible?: object
    readonly jsonVersion?: string
    readonly protocols: readonly string[]
    readonly serviceId: string
    readonly signingName?: string
    readonly targetPrefix?: string
    readonly xmlNamespace?: string
    readonly urlMember?: string
    readonly checksConstraints?: boolean
  }
  readonly operations: Readonly<Record<string, OperationEntry>>
  readonly shapes: Readonly<Record<string, ShapeEntry>>
}

export interface OperationEntry {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number }
  readonly input?: string
  readonly output?: string
  readonly errors: readonly string[]
}

export interface ShapeEntry {
  readonly type: string
  readonly members?: Readonly<Record<string, Reference>>
  readonly required?: readonly string[]
  readonly payload?: string
  readonly member?: Reference
  readonly key?: Reference
  readonly value?: Reference
  readonly flattened?: boolean
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly union?: boolean
  readonly exception?: boolean
  readonly error?: {
    readonly code?: string
    readonly httpStatusCode?: number
    readonly senderFault?: boolean
  }
  readonly eventstream?: boolean
  readonly event?: boolean
}

/** A shape's name, and what is particular to the place that refers to it. */
export interface Reference {
  readonly shape: string
  readonly flattened?: boolean
  readonly location?: string
  readonly locationName?: string
  /** The name in the Query protocol where the model's own protocol has none. */
  readonly queryName?: string
  readonly streaming?: boolean
  readonly eventpayload?: boolean
}
