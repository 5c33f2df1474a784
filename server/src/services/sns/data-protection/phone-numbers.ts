import { type DataIdentifier, managedIdentifier, type Rule } from './managed-identifier.ts'

const OTHERS = [
  ...['cell', 'contact', 'fax', 'fax number', 'mobile', 'phone', 'phone number', 'tel', 'telephone'],
  'telephone number',
]
const BRAZILIAN = [
  ...['cel', 'celular', 'fone', 'móvel', 'número residencial', 'numero residencial', 'telefone'],
]

/** Digits, with at most one of what stands between groups of them. */
const digits = (min: number, max: number) => `\\d(?:[ .()-]{0,2}\\d){${min - 1},${max - 1}}`

interface Country {
  readonly code: string
  /** Of the number within the country, without what it begins with there. */
  readonly national: string
  /** What it begins with there. */
  readonly trunk: string
  readonly keywords: readonly string[]
}

/** By ITU-T E.164 and the countries' plans. */
const COUNTRIES: Readonly<Record<string, Country>> = {
  BR: { code: '55', national: digits(10, 11), trunk: '0?', keywords: [...OTHERS, ...BRAZILIAN] },
  DE: { code: '49', national: digits(7, 12), trunk: '0', keywords: OTHERS },
  ES: { code: '34', national: `[5-9](?:[ .-]?\\d){8}`, trunk: '', keywords: OTHERS },
  FR: { code: '33', national: `[1-9](?:[ .-]?\\d){8}`, trunk: '0', keywords: OTHERS },
  GB: { code: '44', national: `[1-9](?:[ .()-]{0,2}\\d){8,9}`, trunk: '0', keywords: OTHERS },
  IT: { code: '39', national: `[03](?:[ .-]?\\d){7,10}`, trunk: '', keywords: OTHERS },
  US: {
    code: '1',
    national: `[2-9]\\d{2}\\)?[ .-]{0,2}[2-9]\\d{2}[ .-]?\\d{4}`,
    trunk: '(?:1[ .-]?)?',
    keywords: OTHERS,
  },
}

/** With a country's code a number speaks for itself; without, a keyword has to. */
function rulesOf({ code, national, trunk, keywords }: Country): readonly Rule[] {
  return [
    { pattern: `(?<![\\d+A-Za-z])(?:\\+|00)${code}[ .-]?\\(?0?\\)?[ .-]?\\(?${national}(?![\\dA-Za-z])` },
    { pattern: `(?<![\\d+A-Za-z])\\(?${trunk}\\(?${national}(?![\\dA-Za-z])`, keywords },
  ]
}

const RULES = Object.entries(COUNTRIES).map(([name, country]) => [name, rulesOf(country)] as const)

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-pii.html */
export const PHONE_NUMBERS: readonly DataIdentifier[] = [
  managedIdentifier(
    'PhoneNumber',
    RULES.flatMap(([, rules]) => rules),
  ),
  ...RULES.map(([name, rules]) => managedIdentifier(`PhoneNumber-${name}`, rules)),
]
