/** Whether a text is a number as E.164 has it: a plus sign, a country code, 15 digits at most. */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9]\d{4,14}$/.test(text)
}

/**
 * The number that a text message is sent to. AWS takes numbers with the separators that people write between the groups of
 * digits, one at a time. Undefined if the text is no number.
 */
export function normalizePhoneNumber(text: string): string | undefined {
  if (!/^\+?\d+(?:[ ./-]\d+)*$/.test(text)) return undefined
  const number = `+${text.replaceAll(/\D/g, '')}`
  return isPhoneNumber(number) ? number : undefined
}
