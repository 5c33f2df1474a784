import type { Request, Service } from './operation.ts'

/** What an operation is about to do, as policies name it. */
export interface Access {
  /** In the service's own spelling, which is that of refusals: `kinesis:PutRecord`, `SNS:Publish`. */
  readonly action: string
  /** An ARN; null where it's about no resource. */
  readonly resource: string | null
  /** The account that has the resource, or would have it. */
  readonly accountId: string
  /** What policies may ask about beside what all requests have: entries by condition key, such as `aws:RequestTag/team`. */
  readonly conditions?: readonly (readonly [key: string, values: string | readonly string[]])[]
}

/**
 * What an operation needs leave for, told by its input; it may need leave for several things, and none where who asks is answered
 * about itself alone. Throws what the operation would throw where the input names no resource.
 */
export type AccessOf = (input: never, request: Request) => Access | readonly Access[]

/** For each operation of a service what it needs leave for. */
export type AccessTable<Operation extends string = string> = Readonly<Record<Operation, AccessOf>>

/** Says who may do what. */
export interface Authorizer {
  /** Throws the service's refusal where the caller has no leave. */
  authorize(access: Access, request: Request, service: Service): void
}

/** Why there is no leave. */
export interface AccessDenial {
  /** AWS's words: who may not do what to what, and because of which policy. */
  readonly text: string
  /** A policy says no, rather than none saying yes. */
  readonly isExplicit: boolean
  /** The resource is another account's. */
  readonly isForeign: boolean
}
