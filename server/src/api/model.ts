/**
 * Service models: the shapes of a service's operations, compiled once at start from models/*.json.
 * (The compiler is in `compile-model.ts`.)
 */
export interface ServiceModel {
  readonly name: string
}

/** One thing that is wrong with an input's shape. */
export interface Violation {
  readonly kind: 'missing'
  readonly path: string
}
