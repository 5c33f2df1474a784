import { resolve } from 'node:path'

// What several settings are parsed by. All throw a RangeError that says what the value must be.

export function parseSwitch(text: string): boolean {
  return oneOf(['true', 'false'], text) === 'true'
}

export function parseOnOff(text: string): boolean {
  return oneOf(['on', 'off'], text) === 'on'
}

export function oneOf<const T extends string>(choices: readonly T[], text: string): T {
  const choice = choices.find((each) => each === text)
  if (choice === undefined)
    throw new RangeError(`must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`)
  return choice
}

export function wholeNumber(text: string, max: number, min = 0): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new RangeError(`must be a whole number from ${min} to ${max}`)
}

export function pathOrNone(text: string, directory: string): string {
  return text === '' ? '' : resolve(directory, text)
}

export function notEmpty(text: string): string {
  if (text === '') throw new RangeError('must not be empty')
  return text
}

/** What is wrong where one of two settings is given that go together. */
export function halfOf(both: string, one: string, other: string): readonly string[] {
  return (one === '') === (other === '') ? [] : [`${both} go together: give both or neither`]
}
