import { FRACTION_DIGITS_MAX, NUMBER_MAGNITUDE_MAX } from './limits.ts'

/** A value that conditions are about. Two are the same for a filter if a `Map` takes them for the same key. */
export type Scalar = string | number | boolean | null

export const isFilterNumber = (value: number): boolean => Math.abs(value) <= NUMBER_MAGNITUDE_MAX

/** A number as filters compare it: within the range that they have, digits from the sixth after the point on are cut off. */
export function cutNumber(value: number): number {
  if (Number.isInteger(value) || !isFilterNumber(value)) return value
  // The shortest decimal that stands for this number is the one that was written, so far as it has 15 digits.
  const decimal = String(value)
  const point = decimal.indexOf('.')
  // Only what is less than a millionth is written with an exponent.
  if (decimal.includes('e')) return 0
  if (decimal.length <= point + 1 + FRACTION_DIGITS_MAX) return value
  return Number(decimal.slice(0, point + 1 + FRACTION_DIGITS_MAX))
}

/** What JSON gave, as filters compare it; undefined for objects and arrays. */
export function toScalar(value: unknown): Scalar | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return cutNumber(value)
    default:
      return value === null ? null : undefined
  }
}
