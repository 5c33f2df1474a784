/** What an operation is about to do, as policies name it. */
export interface Access {
  /** In the service's own spelling, which is that of refusals: `kinesis:PutRecord`, `SNS:Publish`. */
  readonly action: string
  /** An ARN; null where it's about no resource. */
  readonly resource: string | null
  /** The account that has the resource, or would have it. */
  readonly accountId: string
  /** Somebody granted it to the caller, beside all policies: then only what denies it explicitly counts. */
  readonly isGranted?: boolean
  /** What policies may ask about beside what all requests have: entries by condition key, such as `aws:RequestTag/team`. */
  readonly conditions?: readonly (readonly [key: string, values: string | readonly string[]])[]
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
