/** The check digits of numbers. Each takes the characters alone, without what separates them. */

const digitsOf = (text: string): readonly number[] => [...text].map(Number)

function weighted(text: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * Number(text[i]), 0)
}

/** ISO/IEC 7812-1. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (const [i, digit] of [...digitsOf(digits)].reverse().entries()) {
    const value = i % 2 === 0 ? digit : digit * 2
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}

/** The remainder of a number of any length, in which letters stand for 10 to 35. */
export function remainder(text: string, divisor: number): number {
  let rest = 0
  for (const character of text) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % divisor
  }
  return rest
}

/** ISO 13616: an IBAN, in capital letters. */
export function passesIban(iban: string): boolean {
  return remainder(iban.slice(4) + iban.slice(0, 4), 97) === 1
}

/** Brazil: both check digits of a CPF. Eleven times the same digit passes, and is none. */
export function passesCpf(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false
  return [9, 10].every((length) => {
    const sum = digitsOf(digits.slice(0, length)).reduce((s, digit, i) => s + digit * (length + 1 - i), 0)
    return ((sum * 10) % 11) % 10 === Number(digits[length])
  })
}

/** Brazil: both check digits of a CNPJ. */
export function passesCnpj(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false
  const weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
  return [12, 13].every((length) => {
    const rest = weighted(digits, weights.slice(13 - length)) % 11
    return (rest < 2 ? 0 : 11 - rest) === Number(digits[length])
  })
}

/** Brazil: the check character of a RG of São Paulo. */
export function passesRg(text: string): boolean {
  const check = (11 - (weighted(text, [2, 3, 4, 5, 6, 7, 8, 9]) % 11)) % 11
  return text[8] === (check === 10 ? 'X' : String(check))
}

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE'

/** Spain: the letter of a DNI or NIF, or of an NIE, whose first letter stands for a digit. */
export function passesSpanishLetter(text: string): boolean {
  const number = text.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)))
  return SPANISH_LETTERS[Number(number.replace(/^[KLM]/, '')) % 23] === text.at(-1)
}

/** Spain: the check character of a CIF, a digit or a letter. */
export function passesCif(text: string): boolean {
  const digits = digitsOf(text.slice(1, 8))
  const sum = digits.reduce((s, digit, i) => {
    const value = i % 2 === 0 ? digit * 2 : digit
    return s + (value > 9 ? value - 9 : value)
  }, 0)
  const check = (10 - (sum % 10)) % 10
  return text[8] === String(check) || text[8] === 'JABCDEFGHI'[check]
}

const CODICE_ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]

/** Italy: the check letter of a codice fiscale. */
export function passesCodiceFiscale(text: string): boolean {
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const value = Number.parseInt(text[i]!, 36)
    const place = value > 9 ? value - 10 : value
    sum += i % 2 === 0 ? CODICE_ODD[place]! : place
  }
  return text[15] === String.fromCharCode(65 + (sum % 26))
}

/** Germany: the check digit of an identity card or passport, as ICAO 9303 has it. */
export function passesGermanDocument(text: string): boolean {
  const sum = [...text.slice(0, -1)].reduce(
    (s, each, i) => s + Number.parseInt(each, 36) * [7, 3, 1][i % 3]!,
    0,
  )
  return sum % 10 === Number(text.at(-1))
}

/** Germany: a Steueridentifikationsnummer, by ISO/IEC 7064, MOD 11,10. */
export function passesGermanTaxId(digits: string): boolean {
  let product = 10
  for (const digit of digitsOf(digits.slice(0, 10))) {
    const sum = (digit + product) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (11 - product) % 10 === Number(digits[10])
}

/** France: the key of an INSEE number, in which Corsica's departments have a letter. */
export function passesInsee(text: string): boolean {
  const number = text.slice(0, 13).replace('2A', '19').replace('2B', '18')
  return 97 - remainder(number, 97) === Number(text.slice(13))
}

/** France: a numéro fiscal, whose last three digits are the rest of the others. */
export function passesFrenchTaxId(digits: string): boolean {
  return Number(digits.slice(0, 10)) % 511 === Number(digits.slice(10))
}

/** Spain: the last two digits of a número de la Seguridad Social. */
export function passesSpanishSsn(digits: string): boolean {
  return remainder(digits.slice(0, 10), 97) === Number(digits.slice(10))
}

/** United Kingdom: the first digit of a Unique Taxpayer Reference checks the others. */
export function passesUtr(digits: string): boolean {
  return '21987654321'[weighted(digits.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === digits[0]
}

/** United Kingdom: the check digit of an NHS number. */
export function passesNhs(digits: string): boolean {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return (check === 11 ? 0 : check) === Number(digits[9])
}

/** Canada: the check digit of a Personal Health Number of British Columbia. */
export function passesPhn(digits: string): boolean {
  return 11 - (weighted(digits.slice(1), [2, 4, 8, 5, 10, 9, 7, 3]) % 11) === Number(digits[9])
}

/** United States: the check digit of a registration with the DEA. */
export function passesDea(text: string): boolean {
  return weighted(text.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === Number(text[8])
}

/** United States: a National Provider Identifier, checked with the prefix that stands for health and the country. */
export function passesNpi(digits: string): boolean {
  return passesLuhn(`80840${digits}`)
}
