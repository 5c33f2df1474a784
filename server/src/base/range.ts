/** Whole numbers from `min` to `max`, both included. */
export interface Range {
  readonly min: number
  readonly max: number
}

export function isWithin(value: number, { min, max }: Range): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}
