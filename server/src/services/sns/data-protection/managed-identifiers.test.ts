import { expect, test } from 'vitest'
import { MANAGED_IDENTIFIERS } from './managed-identifiers.ts'

const found = (name: string, text: string) =>
  MANAGED_IDENTIFIERS.get(name)!
    .find(text)
    .map(({ start, end }) => text.slice(start, end))

/** Of each identifier: a text, what is found in it, and what is like it and is none. */
const CASES: Readonly<Record<string, readonly [string, string, string]>> = {
  AwsSecretKey: [
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'a digest: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  ],
  OpenSshPrivateKey: [
    'x -----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY----- y',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----',
    '-----BEGIN OPENSSH PUBLIC KEY-----',
  ],
  PgpPrivateKey: [
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\\nVersion: 2.0-1\\n\\nlQ==\\n-----END PGP PRIVATE KEY BLOCK-----',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\\nVersion: 2.0-1\\n\\nlQ==\\n-----END PGP PRIVATE KEY BLOCK-----',
    '-----BEGIN PGP PUBLIC KEY BLOCK-----',
  ],
  PkcsPrivateKey: [
    '-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,00\n\nMII\n-----END RSA PRIVATE KEY-----\n',
    '-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,00\n\nMII\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN RSA PUBLIC KEY-----',
  ],
  PuttyPrivateKey: [
    `PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 8\nAAAB\nPrivate-MAC: ${'0af'.repeat(13)}0\nrest`,
    `PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 8\nAAAB\nPrivate-MAC: ${'0af'.repeat(13)}0`,
    'PuTTY-User-Key',
  ],
  IpAddress: ['from 192.0.2.45, and on.', '192.0.2.45', 'version 1.2.3.456 of 1.2.3, at 12:30:45'],
  'BankAccountNumber-DE': [
    'IBAN: DE89 3704 0044 0532 0130 00',
    'DE89 3704 0044 0532 0130 00',
    'IBAN: DE89 3704 0044 0532 0130 01',
  ],
  'BankAccountNumber-ES': [
    'iban ES9121000418450200051332',
    'ES9121000418450200051332',
    'ES9121000418450200051332',
  ],
  'BankAccountNumber-FR': [
    'compte bancaire FR1420041010050500013M02606',
    'FR1420041010050500013M02606',
    'compte bancaire FR1420041010050500013M02607',
  ],
  'BankAccountNumber-GB': [
    '"iban":"GB29NWBK60161331926819"',
    'GB29NWBK60161331926819',
    'iban GB29NWBK60161331926818',
  ],
  'BankAccountNumber-IT': [
    'conto bancario: IT60X0542811101000000123456',
    'IT60X0542811101000000123456',
    'conto bancario: IT61X0542811101000000123456',
  ],
  'BankAccountNumber-US': ['my checking_account is 000123456789', '000123456789', 'order 000123456789'],
  CreditCardExpiration: ['expiry 09/27', '09/27', 'expiry 13/27'],
  CreditCardMagneticStripe: [
    'swipe: %B4539894458086459^MILLER/ANN^2709101000000?',
    '%B4539894458086459^MILLER/ANN^2709101000000?',
    '%B4539894458086459^MILLER/ANN^2709101000000?',
  ],
  CreditCardNumber: [
    'My credit card number is 4539 8944-58086459.',
    '4539 8944-58086459',
    'My credit card number is 4539894458086458, or 4111111111111111',
  ],
  CreditCardSecurityCode: ['CVV2: 123', '123', 'room 123'],
  'DrugEnforcementAgencyNumber-US': ['DEA number AB1234563', 'AB1234563', 'DEA number AB1234564'],
  'HealthInsuranceCardNumber-EU': [
    'ehic 80756001234567890123',
    '80756001234567890123',
    'ehic 90756001234567890123',
  ],
  'HealthInsuranceClaimNumber-US': ['HIC number 123-45-6789-A', '123-45-6789-A', '123-45-6789-A'],
  'HealthInsuranceNumber-FR': [
    'carte vitale 255081416802538',
    '255081416802538',
    'carte vitale 255081416802539',
  ],
  'HealthcareProcedureCode-US': ['HCPCS J1234', 'J1234', 'HCPCS F1234'],
  'MedicareBeneficiaryNumber-US': [
    'medicare beneficiary 1EG4-TE5-MK73',
    '1EG4-TE5-MK73',
    'mbi 1SG4-TE5-MK73',
  ],
  'NationalDrugCode-US': ['NDC 0777-3105-02', '0777-3105-02', '0777-3105-02'],
  'NationalProviderId-US': ['NPI 1234567893', '1234567893', 'NPI 1234567894'],
  'NhsNumber-GB': ['NHS 943 476 5919', '943 476 5919', 'NHS 943 476 5918'],
  'PersonalHealthNumber-CA': ['PHN: 9698 658 215', '9698 658 215', 'PHN: 9698 658 216'],
  EmailAddress: [
    '{"to":"ann.miller+x@mill.example.org"}',
    'ann.miller+x@mill.example.org',
    '@mill, ann@mill',
  ],
  DateOfBirth: ['DOB: 12-01-2012', '12-01-2012', 'delivered 12-01-2012'],
  LatLong: ['location 41.948614,-87.655311', '41.948614,-87.655311', 'location 41°56.9168, 87'],
  VehicleIdentificationNumber: ['VIN 1M8GDM9AXKP042788', '1M8GDM9AXKP042788', 'VIN 1M8GDM9AXKPO42788'],
  'CepCode-BR': ['CEP 01310-100', '01310-100', 'rua 01310-100'],
  'Cnpj-BR': ['CNPJ 11.222.333/0001-81', '11.222.333/0001-81', 'CNPJ 11.222.333/0001-82'],
  'CpfCode-BR': ['cpf: 529.982.247-25', '529.982.247-25', 'cpf: 529.982.247-26, 111.111.111-11'],
  'RgNumber-BR': ['RG 24.678.131-2', '24.678.131-2', 'RG 24.678.131-3'],
  'PassportNumber-CA': ['passport AB123456', 'AB123456', 'part AB123456'],
  'PermanentResidenceNumber-CA': ['permanent resident card RA0302123456', 'RA0302123456', 'RA0302123456'],
  'PostalCode-CA': ['Toronto, M5V 3L9', 'M5V 3L9', 'D5V 3L9'],
  'SocialInsuranceNumber-CA': ['SIN 130 692 544', '130 692 544', 'SIN 130 692 545'],
  'NationalIdentificationNumber-DE': [
    'Personalausweis T220001293',
    'T220001293',
    'Personalausweis T220001294',
  ],
  'PassportNumber-DE': ['Reisepass C01X00T478', 'C01X00T478', 'Reisepass C01X00T479'],
  'TaxId-DE': ['Steuer-ID: 86 095 742 719', '86 095 742 719', 'Steuer-ID: 86095742718'],
  'NationalIdentificationNumber-ES': ['DNI 12345678Z', '12345678Z', 'DNI 12345678A'],
  'NieNumber-ES': ['NIE X1234567L', 'X1234567L', 'NIE X1234567M'],
  'NifNumber-ES': ['NIF 12345678-Z', '12345678-Z', 'NIF 12345678-A'],
  'PassportNumber-ES': ['pasaporte AAA123456', 'AAA123456', 'AAA123456'],
  'Ssn-ES': ['número de la seguridad social 281234567840', '281234567840', 'ssn 281234567841'],
  'TaxId-ES': ['CIF A58818501', 'A58818501', 'CIF A58818502'],
  'InseeCode-FR': ['INSEE 2 55 08 14 168 025 38', '2 55 08 14 168 025 38', 'INSEE 255081416802539'],
  'PassportNumber-FR': ['passeport 12AB34567', '12AB34567', '12AB34567'],
  'TaxId-FR': ["numéro d'identification fiscale 30 23 217 600 053", '30 23 217 600 053', 'tin 3023217600054'],
  'ElectoralRollNumber-GB': ['electoral roll number AB1234', 'AB1234', 'AB1234'],
  'NationalInsuranceNumber-GB': ['NINO QQ123456C, JG 10 37 59 A', 'JG 10 37 59 A', 'nino QQ123456C'],
  'PassportNumber-GB': ['passport no 123456789', '123456789', '123456789'],
  'TaxId-GB': ['UTR 1955839661', '1955839661', 'UTR 2955839661'],
  'NationalIdentificationNumber-IT': [
    'codice fiscale RSSMRA85T10A562S',
    'RSSMRA85T10A562S',
    'codice fiscale RSSMRA85T10A562T',
  ],
  'PassportNumber-IT': ['passaporto YA1234567', 'YA1234567', 'YA1234567'],
  'IndividualTaxIdentificationNumber-US': ['ITIN 912-90-3456', '912-90-3456', 'ITIN 912-93-3456'],
  'PassportNumber-US': ['travel document C12345678', 'C12345678', 'C12345678'],
  'Ssn-US': ['ssn: 123-45-6789', '123-45-6789', 'ssn: 000-45-6789, 123-456789, 666-45-6789'],
  'ZipCode-US': ['zip code 98109-1234', '98109-1234', 'number 98109-1234'],
  'DriversLicense-AT': ['Führerschein 12345678', '12345678', '12345678'],
  'DriversLicense-AU': ['driving licence 12345678', '12345678', '12345678'],
  'DriversLicense-BE': ['rijbewijs 1234567890', '1234567890', '1234567890'],
  'DriversLicense-BG': ['шофьорска книжка 123456789', '123456789', '123456789'],
  'DriversLicense-CA': ["driver's license A1234-56789-01234", 'A1234-56789-01234', 'A1234-56789-01234'],
  'DriversLicense-CY': ['άδεια οδήγησης 123456789012', '123456789012', '123456789012'],
  'DriversLicense-CZ': ['řidičský průkaz EL 123456', 'EL 123456', 'EL 123456'],
  'DriversLicense-DE': ['Fahrer: Führerschein B072RRE2I55', 'B072RRE2I55', 'B072RRE2I55'],
  'DriversLicense-DK': ['kørekort 12345678', '12345678', '12345678'],
  'DriversLicense-EE': ['juhiluba ET123456', 'ET123456', 'ET123456'],
  'DriversLicense-ES': ['permiso de conducción 12345678Z', '12345678Z', 'permiso de conducción 12345678A'],
  'DriversLicense-FI': ['ajokortti 010170-123A', '010170-123A', '010170-123A'],
  'DriversLicense-FR': ['permis de conduire 123456789012', '123456789012', '123456789012'],
  'DriversLicense-GB': ['driving licence MORGA753116SM9IJ', 'MORGA753116SM9IJ', 'MORGA753116SM9IJ'],
  'DriversLicense-GR': ['adeia odigisis 123456789', '123456789', '123456789'],
  'DriversLicense-HR': ['vozačka dozvola 12345678', '12345678', '12345678'],
  'DriversLicense-HU': ['jogosítvány AB123456', 'AB123456', 'AB123456'],
  'DriversLicense-IE': ['ceadúnas tiomána 123456ABCD', '123456ABCD', '123456ABCD'],
  'DriversLicense-IT': ['patente di guida AB1234567C', 'AB1234567C', 'AB1234567C'],
  'DriversLicense-LT': ['vairuotojo pažymėjimas 12345678', '12345678', '12345678'],
  'DriversLicense-LU': ['führerschäin 123456', '123456', '123456'],
  'DriversLicense-LV': ['vadītāja apliecība AB123456', 'AB123456', 'AB123456'],
  'DriversLicense-MT': ['liċenzja tas-sewqan AB 123 456', 'AB 123 456', 'AB 123 456'],
  'DriversLicense-NL': ['rijbewijs 1234567890', '1234567890', '1234567890'],
  'DriversLicense-PL': ['prawo jazdy 12345/67/8901', '12345/67/8901', '12345/67/8901'],
  'DriversLicense-PT': ['carta de condução AB-123456 7', 'AB-123456 7', 'AB-123456 7'],
  'DriversLicense-RO': ['permis de conducere A12345678', 'A12345678', 'A12345678'],
  'DriversLicense-SE': ['körkort 123456-7890', '123456-7890', '123456-7890'],
  'DriversLicense-SI': ['vozniško dovoljenje 123456789', '123456789', '123456789'],
  'DriversLicense-SK': ['vodičský preukaz A1234567', 'A1234567', 'A1234567'],
  'DriversLicense-US': ['drivers license D1234567', 'D1234567', 'D1234567'],
  PhoneNumber: ['call +49 30 1234567', '+49 30 1234567', 'call 12345'],
  'PhoneNumber-BR': ['celular (11) 91234-5678', '(11) 91234-5678', '(11) 91234-5678'],
  'PhoneNumber-DE': ['Phone 030 1234567', '030 1234567', '030 1234567'],
  'PhoneNumber-ES': ['tel. 612 345 678', '612 345 678', '612 345 678'],
  'PhoneNumber-FR': ['at +33 6 12 34 56 78', '+33 6 12 34 56 78', '06 12 34 56 78'],
  'PhoneNumber-GB': ['telephone 020 7946 0958', '020 7946 0958', '020 7946 0958'],
  'PhoneNumber-IT': ['fax 06 1234 5678', '06 1234 5678', '06 1234 5678'],
  'PhoneNumber-US': ['mobile: (206) 555-0100', '(206) 555-0100', '(206) 555-0100'],
}

test('every identifier that is served is tried', () => {
  expect(Object.keys(CASES).sort()).toEqual([...MANAGED_IDENTIFIERS.keys()].sort())
})

test.each(Object.entries(CASES))('%s is found where it is, and nowhere else', (name, [text, what, none]) => {
  expect(found(name, text)).toEqual([what])
  expect(found(name, none)).toEqual([])
  // Nor as a part of something longer.
  if (/^[A-Za-z\d]+$/.test(what)) expect(found(name, text.replace(what, `zzz${what}zzz`))).toEqual([])
})

test.each(['2001:db8::ff00:42:8329', '::1', 'fe80::', '1:2:3:4:5:6:7:8', '1::8'])(
  '%s is an IP address',
  (address) => {
    expect(found('IpAddress', `from ${address} on`)).toEqual([address])
  },
)

test.each(['std::vector', '1:2:3', '12:30:45', '1::2::3', '1:2:3:4:5:6:7:8:9', 'a::'.repeat(3)])(
  '%s is no IP address',
  (text) => {
    expect(found('IpAddress', `in ${text} there`)).toEqual([])
  },
)

test.each([
  ['"credit_card":"4539894458086459"', true],
  ['4539894458086459 was the CREDIT-CARD', true],
  ['creditCardNumber=4539894458086459', true],
  [`card ${'.'.repeat(48)} 4539894458086459`, true],
  [`card ${'.'.repeat(50)} 4539894458086459`, false],
  ['the company 4539894458086459', false],
  ['pan: 4539894458086459', true],
])('a keyword has to be near, in any spelling: %s', (text, isNear) => {
  expect(found('CreditCardNumber', text)).toHaveLength(isNear ? 1 : 0)
})

test('a keyword within what is found says nothing about it', () => {
  expect(found('AwsSecretKey', ` ${'credentials'.padEnd(40, '7')} `)).toEqual([])
  expect(found('AwsSecretKey', `credentials ${'credentials'.padEnd(40, '7')}`)).toHaveLength(1)
})

test('what comes after a number that was none is found', () => {
  expect(found('SocialInsuranceNumber-CA', 'SIN 111 130 692 544')).toEqual(['130 692 544'])
  expect(found('CreditCardNumber', 'card 12 4539894458086459')).toEqual(['4539894458086459'])
  expect(found('CreditCardNumber', 'cards 4539894458086459, 4916338506082832')).toHaveLength(2)
})
