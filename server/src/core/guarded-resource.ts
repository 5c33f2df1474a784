/** What of a resource decides who may use it, as it is at the moment. */
export interface GuardedResource {
  /** As its owner wrote it; empty where it has none. */
  readonly policy: string
  readonly tags: Readonly<Record<string, string>>
}
