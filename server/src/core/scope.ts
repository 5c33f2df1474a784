/** Where a resource lives; the same name elsewhere is another resource. */
export interface Scope {
  /** Twelve digits. */
  readonly accountId: string
  readonly region: string
}
