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
  /** What policies may ask about beside what all requests have. */
  readonly conditions?: Conditions
}

/** Entries by condition key, such as `aws:RequestTag/team`. */
export type Conditions = readonly (readonly [key: string, values: string | readonly string[]])[]

/** What a request says of the tags that it brings. */
export function tagConditions(tags: Readonly<Record<string, string>>): Conditions {
  return [...tagEntries('aws:RequestTag', tags), ['aws:TagKeys', Object.keys(tags)]]
}

/** `aws:RequestTag/team` for the tag `team`, and so on. */
export function tagEntries(prefix: string, tags: Readonly<Record<string, string>>): Conditions {
  return Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value])
}
