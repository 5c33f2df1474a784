import { passesIban, passesLuhn } from './check-digits.ts'
import { type DataIdentifier, managedIdentifier, whole } from './managed-identifier.ts'

const ACCOUNT = [
  ...['account code', 'account number', 'accountno#', 'accountnumber#', 'bban', 'customer account id'],
  ...['customer account number', 'customer bank account id', 'iban'],
]

/** What an IBAN of a country consists of after its check digits, with or without spaces between groups of four. */
const iban = (country: string, rest: string, ...keywords: readonly string[]) =>
  managedIdentifier(`BankAccountNumber-${country}`, [
    { pattern: whole(`${country}\\d{2}${rest}`), isSound: passesIban, keywords: [...ACCOUNT, ...keywords] },
  ])

/** By what a card's number begins with: its issuer, and how long it is. */
const CARDS = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-5]|[689]\d)\d{11}$/,
  /^(?:6011|64[4-9]\d|65\d{2})\d{12,15}$/,
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/,
  /^62\d{14,17}$/,
  /^5019\d{12}$/,
]

/** Kept free by issuers for tests that everybody may see. */
const TEST_CARDS = new Set(
  `122000000000003 2222405343248877 2222990905257051 2223007648726984 2223577120017656 30569309025904
  34343434343434 3528000700000000 3530111333300000 3566002020360505 36148900647913 36700102000000 371449635398431
  378282246310005 378734493671000 38520000023237 4012888888881881 4111111111111111 4222222222222 4444333322221111
  4462030000000000 4484070000000000 4911830000000 4917300800000000 4917610000000000 4917610000000000003
  5019717010103742 5105105105105100 5111010030175156 5185540810000019 5200828282828210 5204230080000017
  5204740009900014 5420923878724339 5454545454545454 5455330760000018 5506900490000436 5506900490000444
  5506900510000234 5506920809243667 5506922400634930 5506927427317625 5553042241984105 5555553753048194
  5555555555554444 5610591081018250 6011000990139424 6011000400000000 6011111111111117 630490017740292441
  630495060000000000 6331101999990016 6759649826438453 6799990100000000019 76009244561`.split(/\s+/),
)

function isCard(digits: string): boolean {
  return CARDS.some((card) => card.test(digits)) && passesLuhn(digits) && !TEST_CARDS.has(digits)
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-financial.html */
export const FINANCIAL: readonly DataIdentifier[] = [
  iban(
    'DE',
    '(?: ?\\d{4}){4} ?\\d{2}',
    ...['bankleitzahl', 'geheimzahl', 'kartennummer', 'kontonummer', 'kreditkartennummer', 'sepa'],
  ),
  iban(
    'ES',
    '(?: ?\\d{4}){5}',
    ...['código cuenta', 'código cuenta bancaria', 'cuenta cliente id'],
    ...['número cuenta bancaria cliente', 'número cuenta cliente'],
  ),
  iban(
    'FR',
    '(?: ?[\\dA-Z]{4}){5} ?[\\dA-Z]{3}',
    ...['code bancaire', 'compte bancaire', 'numéro de compte'],
  ),
  iban('GB', ' ?[A-Z]{4}(?: ?\\d{4}){3} ?\\d{2}', 'sepa'),
  iban(
    'IT',
    ' ?[A-Z]\\d{3}(?: ?[\\dA-Z]{4}){4} ?[\\dA-Z]{3}',
    ...['codice bancario', 'conto bancario', 'numero di conto'],
  ),
  managedIdentifier('BankAccountNumber-US', [
    {
      pattern: whole('\\d{8,17}'),
      keywords: [
        ...['bank account', 'bank acct', 'checking account', 'checking acct', 'deposit account'],
        ...['deposit acct', 'savings account', 'savings acct', 'chequing account', 'chequing acct'],
      ],
    },
  ]),
  managedIdentifier('CreditCardExpiration', [
    {
      pattern: whole('(?:0?[1-9]|1[0-2]) ?[/-] ?(?:20)?\\d{2}'),
      keywords: ['exp d', 'exp m', 'exp y', 'expiration', 'expiry'],
    },
  ]),
  managedIdentifier('CreditCardMagneticStripe', [
    {
      pattern: '%B\\d{13,19}\\^[^^\\n]{2,26}\\^\\d{7}[^?\\n]{0,60}\\??|;\\d{13,19}=\\d{7}[^?\\n]{0,40}\\??',
      keywords: ['card data', 'iso7813', 'mag', 'magstripe', 'stripe', 'swipe'],
    },
  ]),
  managedIdentifier('CreditCardNumber', [
    {
      pattern: whole('\\d{13,19}|\\d{4}(?:[ -]?\\d{4}){2}[ -]?\\d{1,7}|\\d{4}[ -]\\d{6}[ -]\\d{4,5}'),
      isSound: isCard,
      keywords: [
        ...['account number', 'american express', 'amex', 'bank card', 'card', 'card num', 'card number'],
        ...['cc #', 'ccn', 'check card', 'credit', 'credit card#', 'dankort', 'debit', 'debit card'],
        ...['diners club', 'discover', 'electron', 'elo verification code', 'japanese card bureau', 'jcb'],
        ...['mastercard', 'mc', 'pan', 'payment account number', 'payment card number', 'pcn', 'union pay'],
        'visa',
      ],
    },
  ]),
  managedIdentifier('CreditCardSecurityCode', [
    {
      pattern: whole('\\d{3,4}'),
      keywords: [
        ...['card id', 'card identification code', 'card identification number', 'card security code'],
        ...['card validation code', 'card validation number', 'card verification data'],
        ...['card verification value', 'cvc', 'cvc2', 'cvv', 'cvv2', 'elo verification code'],
      ],
    },
  ]),
]
