import { invalidParameter } from './errors.ts'

/** Whether a text is a number as E.164 has it: a plus sign, a country code, 15 digits at most. */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9]\d{4,14}$/.test(text)
}

/** Refuses what is no number, in the words of the operations that manage them. */
export function checkPhoneNumber(text: string): void {
  if (!isPhoneNumber(text)) throw invalidParameter('PhoneNumber', 'input incorrectly formatted')
}

/** The number of an endpoint of `sms`, which may be written with separators. */
export function phoneNumberOf(endpoint: string): string {
  return `+${endpoint.replaceAll(/\D/g, '')}`
}
