import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameterValue } from './errors.ts'
import { NUMBER_DIGITS_MAX } from './limits.ts'

/** Powers of ten: the largest number, the most negative one, and the smallest magnitude but zero. */
const HIGHEST = 126
const LOWEST = 128
const SMALLEST = -128

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/**
 * Refuses what SQS doesn't take as a number: other than decimal notation, more than 38 significant digits, out of range.
 * Works on the digits as written, since a double is exact to 15 of them. The value is kept as it was sent: clients compare
 * digests of it.
 */
export function checkNumber(name: string, value: string): void {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(value) ?? []
  const digits = whole + fraction
  const significant = digits.replace(/^0+/, '')
  const precision = lengthWithoutEndingZeros(significant)
  if (digits === '' || precision > NUMBER_DIGITS_MAX) {
    throw new ServiceError(
      InvalidParameterValue,
      `Can't cast the value of message (user) attribute '${name}' to a number.`,
    )
  }
  if (precision === 0) return
  // The number is between 10^power and 10^(power + 1), and equal to the former if it's a one with zeroes.
  const power = significant.length - fraction.length - 1 + Number(exponent)
  const isPowerOfTen = significant.startsWith('1') && precision === 1
  const limit = sign === '-' ? LOWEST : HIGHEST
  if (power < SMALLEST || power > limit || (power === limit && !isPowerOfTen)) {
    throw new ServiceError(
      InvalidParameterValue,
      'Number attribute value should be in range (-10**128..10**126)',
    )
  }
}

/** Looks at each digit once, where a pattern that ends in zeros would look for the end from every zero in between. */
function lengthWithoutEndingZeros(digits: string): number {
  let length = digits.length
  while (length > 0 && digits[length - 1] === '0') length--
  return length
}
