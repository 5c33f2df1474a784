/** What the cell's process is to do. Handed over as JSON in its only argument. */
export interface CellPlan {
  /** Empty, on the disk that is to be measured. */
  readonly directory: string
  readonly loops: number
  readonly bodyBytes: number
  readonly warmUpSeconds: number
  readonly seconds: number
}
