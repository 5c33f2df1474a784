/** What the process that measures turns is to do. Handed over as JSON in its only argument. */
export interface TicksPlan {
  /** Empty, on the disk that is to be used. */
  readonly directory: string
  /** In the queue that is purged, and in those that expire, are deleted and become visible at once; a multiple of 10. */
  readonly messages: number
  readonly bodyBytes: number
  /** For how long there is work beside a snapshot. */
  readonly seconds: number
}
