/** What the cell's process is to do. Handed over as JSON in its only argument. */
export interface CellPlan {
  /** Empty, on the disk that is to be measured. */
  readonly directory: string
  readonly encrypted: boolean
  readonly loops: number
  readonly bodyBytes: number
  readonly work: CellWork
}

export type CellWork =
  | { readonly kind: 'cycle'; readonly warmUpSeconds: number; readonly seconds: number }
  /** Moves so many dead letters back, a multiple of 10. */
  | { readonly kind: 'redrive'; readonly messages: number }
