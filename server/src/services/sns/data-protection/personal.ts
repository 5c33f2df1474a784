import {
  passesCif,
  passesCnpj,
  passesCodiceFiscale,
  passesCpf,
  passesFrenchTaxId,
  passesGermanDocument,
  passesGermanTaxId,
  passesInsee,
  passesLuhn,
  passesRg,
  passesSpanishLetter,
  passesSpanishSsn,
  passesUtr,
} from './check-digits.ts'
import { type DataIdentifier, managedIdentifier, whole } from './managed-identifier.ts'
import { DNI, INSEE } from './number-forms.ts'

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?'
const CANADIAN_LETTER = '[ABCEGHJ-NPRSTV-Z]'

const TAX_ES = [
  ...['cif', 'cif número', 'cifnúmero#', 'nie', 'nif', 'número de contribuyente'],
  ...['número de identidad de extranjero', 'número de identificación fiscal'],
  ...['número de impuesto corporativo', 'personal tax number', 'tax id', 'tax identification number'],
  ...['tax number', 'tin', 'tin#'],
]
const NATIONAL_FR = [
  ...['assurance sociale', 'carte nationale d’identité', 'cni', 'code sécurité sociale'],
  ...['french social security number', 'fssn#', 'insee', 'insurance number', 'national id number'],
  ...['nationalid#', "numéro d'assurance", 'sécurité sociale', 'sécurité sociale non.'],
  ...['sécurité sociale numéro', 'social', 'social security', 'social security number'],
  ...['socialsecuritynumber', 'ss#', 'ssn', 'ssn#'],
]
const INSURANCE_ES = [
  ...['número de la seguridad social', 'social security no.', 'social security number', 'socialsecurityno#'],
  ...['ssn', 'ssn#'],
]

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-pii.html */
export const PERSONAL: readonly DataIdentifier[] = [
  managedIdentifier('EmailAddress', [
    {
      pattern:
        "(?<![\\w.%+'-])[\\w.%+'-]{1,64}@(?:[A-Za-z\\d](?:[A-Za-z\\d-]{0,61}[A-Za-z\\d])?\\.){1,8}[A-Za-z]{2,63}(?![\\w-])",
    },
  ]),
  managedIdentifier('DateOfBirth', [
    {
      pattern: whole(
        [
          '\\d{1,2}[/ -]\\d{1,2}[/ -](?:\\d{4}|\\d{2})',
          '\\d{4}[/ -]\\d{1,2}[/ -]\\d{1,2}',
          `\\d{1,2}(?:st|nd|rd|th)?[ /-]${MONTH},?[ /-](?:\\d{4}|\\d{2})`,
          `${MONTH}[ /-]\\d{1,2}(?:st|nd|rd|th)?,?[ /-](?:\\d{4}|\\d{2})`,
          '(?:19|20)\\d{6}',
        ].join('|'),
      ),
      keywords: ['dob', 'date of birth', 'birthdate', 'birth date', 'birthday', 'b-day', 'bday'],
    },
  ]),
  managedIdentifier('LatLong', [
    {
      pattern:
        '(?<![\\d.])[+-]?(?:[1-8]?\\d\\.\\d{2,15}|90\\.0{2,15}) ?, ?[+-]?(?:1[0-7]\\d|[1-9]?\\d|180)\\.\\d{2,15}(?![\\d.])',
      keywords: [...['coordinate', 'coordinates', 'lat long', 'latitude longitude', 'location', 'position']],
    },
  ]),
  managedIdentifier('VehicleIdentificationNumber', [
    {
      pattern: whole('[A-HJ-NPR-Z\\d]{17}'),
      isSound: (text) => /[A-Z]/.test(text) && /\d{3}$/.test(text),
      keywords: [
        ...['fahrgestellnummer', 'niv', 'numarul de identificare', 'numarul seriei de sasiu', 'serie sasiu'],
        ...['numer vin', 'número de identificação do veículo', 'número de identificación de automóviles'],
        ...["numéro d'identification du véhicule", 'vehicle identification number', 'vin', 'vin numeris'],
      ],
    },
  ]),
  managedIdentifier('CepCode-BR', [
    {
      pattern: whole('\\d{2}\\.?\\d{3}-?\\d{3}'),
      keywords: ['cep', 'código de endereçamento postal', 'codigo de endereçamento postal'],
    },
  ]),
  managedIdentifier('Cnpj-BR', [
    {
      pattern: whole('\\d{2}\\.?\\d{3}\\.?\\d{3}/?\\d{4}-?\\d{2}'),
      isSound: passesCnpj,
      keywords: [...['cadastro nacional da pessoa jurídica', 'cadastro nacional da pessoa juridica', 'cnpj']],
    },
  ]),
  managedIdentifier('CpfCode-BR', [
    {
      pattern: whole('\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d{2}'),
      isSound: passesCpf,
      keywords: [
        ...['cadastro de pessoas fisicas', 'cadastro de pessoas físicas', 'cadastro de pessoa física'],
        ...['cadastro de pessoa fisica', 'cpf'],
      ],
    },
  ]),
  managedIdentifier('RgNumber-BR', [
    {
      pattern: whole('\\d{2}\\.?\\d{3}\\.?\\d{3}-?[\\dX]'),
      isSound: passesRg,
      keywords: ['registro geral', 'rg'],
    },
  ]),
  managedIdentifier('PassportNumber-CA', [
    {
      pattern: whole('[A-Z]{2}\\d{6}'),
      keywords: ['passeport', 'passeport#', 'passport', 'passport#', 'passportno', 'passportno#'],
    },
  ]),
  managedIdentifier('PermanentResidenceNumber-CA', [
    {
      pattern: whole('[A-Z]{2}\\d{7,10}'),
      keywords: [
        ...['carte résident permanent', 'numéro carte résident permanent', 'numéro résident permanent'],
        ...['permanent resident card', 'permanent resident card number', 'permanent resident no'],
        ...['permanent resident no.', 'permanent resident number', 'pr no', 'pr no.', 'pr non'],
        ...['pr number', 'résident permanent no.', 'résident permanent non'],
      ],
    },
  ]),
  managedIdentifier('PostalCode-CA', [
    { pattern: whole(`(?![DFIOQUWZ])[A-Z]\\d${CANADIAN_LETTER}[ -]?\\d${CANADIAN_LETTER}\\d`) },
  ]),
  managedIdentifier('SocialInsuranceNumber-CA', [
    {
      pattern: whole('[1-79]\\d{2}[ -]?\\d{3}[ -]?\\d{3}'),
      isSound: passesLuhn,
      keywords: ['canadian id', "numéro d'assurance sociale", 'social insurance number', 'sin'],
    },
  ]),
  managedIdentifier('NationalIdentificationNumber-DE', [
    {
      pattern: whole('[CFGHJ-NPRTV-Z\\d]{9}\\d'),
      isSound: passesGermanDocument,
      keywords: [
        ...['ausweisnummer', 'id number', 'identification number', 'identity number', 'insurance number'],
        ...['personal id', 'personalausweis'],
      ],
    },
  ]),
  managedIdentifier('PassportNumber-DE', [
    {
      pattern: whole('[CFGHJK][CFGHJ-NPRTV-Z\\d]{8}\\d?'),
      isSound: (text) => /\d/.test(text) && (text.length === 9 || passesGermanDocument(text)),
      keywords: [
        ...['ausstellungsdatum', 'ausstellungsort', 'geburtsdatum', 'passport', 'passports', 'reisepass'],
        ...['reisepass–nr', 'reisepassnummer'],
      ],
    },
  ]),
  managedIdentifier('TaxId-DE', [
    {
      pattern: whole('[1-9]\\d(?: ?\\d{3}){3}'),
      isSound: passesGermanTaxId,
      keywords: [
        ...['identifikationsnummer', 'steuer id', 'steueridentifikationsnummer', 'steuernummer', 'tax id'],
        ...['tax identification number', 'tax number'],
      ],
    },
  ]),
  managedIdentifier('NationalIdentificationNumber-ES', [
    {
      pattern: whole(DNI),
      isSound: passesSpanishLetter,
      keywords: [
        ...['dni', 'dni#', 'dninúmero#', 'documento nacional de identidad', 'identidad único'],
        ...['identidadúnico#', 'insurance number', 'national identification number', 'national identity'],
        ...['nationalid#', 'nationalidno#', 'número nacional identidad', 'personal identification number'],
        ...['personal identity no', 'unique identity number', 'uniqueid#'],
      ],
    },
  ]),
  managedIdentifier('NieNumber-ES', [
    { pattern: whole('[XYZ]-?\\d{7}-?[A-Z]'), isSound: passesSpanishLetter, keywords: TAX_ES },
  ]),
  managedIdentifier('NifNumber-ES', [
    {
      pattern: whole(`${DNI}|[KLM]-?\\d{7}-?[A-Z]`),
      isSound: passesSpanishLetter,
      keywords: TAX_ES,
    },
  ]),
  managedIdentifier('PassportNumber-ES', [
    {
      pattern: whole('[A-Z]{2,3}\\d{6}'),
      keywords: [
        ...['españa pasaporte', 'libreta pasaporte', 'número pasaporte', 'pasaporte', 'passport'],
        ...['passport book', 'passport no', 'passport number', 'spain passport'],
      ],
    },
  ]),
  managedIdentifier('Ssn-ES', [
    {
      pattern: whole('\\d{2}[ /-]?\\d{8}[ /-]?\\d{2}'),
      isSound: passesSpanishSsn,
      keywords: INSURANCE_ES,
    },
  ]),
  managedIdentifier('TaxId-ES', [
    { pattern: whole('[A-HJNP-SUVW]-?\\d{7}-?[\\dA-J]'), isSound: passesCif, keywords: TAX_ES },
  ]),
  managedIdentifier('InseeCode-FR', [{ pattern: whole(INSEE), isSound: passesInsee, keywords: NATIONAL_FR }]),
  managedIdentifier('PassportNumber-FR', [
    {
      pattern: whole('\\d{2}[A-Z]{2}\\d{5}'),
      keywords: [
        ...['numéro de passeport', 'passeport', 'passeport#', 'passeport #', 'passeportn °'],
        ...['passeport n °', 'passeportnon', 'passeport non'],
      ],
    },
  ]),
  managedIdentifier('TaxId-FR', [
    {
      pattern: whole('[0-3]\\d ?\\d{2} ?\\d{3} ?\\d{3} ?\\d{3}'),
      isSound: passesFrenchTaxId,
      keywords: [
        ...["numéro d'identification fiscale", 'tax id', 'tax identification number', 'tax number', 'tin'],
        'tin#',
      ],
    },
  ]),
  managedIdentifier('ElectoralRollNumber-GB', [
    {
      pattern: whole('[A-Z]{2,4}-?\\d{1,4}(?:-\\d{1,2})?'),
      keywords: [
        ...['electoral#', 'electoral #', 'electoralnumber', 'electoral number', 'electoralroll#'],
        ...['electoral roll#', 'electoral roll #', 'electoral roll no.', 'electoral roll number'],
        'electoralrollno',
      ],
    },
  ]),
  managedIdentifier('NationalInsuranceNumber-GB', [
    {
      pattern: whole(
        '(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]',
      ),
      keywords: [
        ...['insurance no.', 'insurance number', 'insurance#', 'national insurance number'],
        ...['nationalinsurance#', 'nationalinsurancenumber', 'nin', 'nino'],
      ],
    },
  ]),
  managedIdentifier('PassportNumber-GB', [
    {
      pattern: whole('\\d{9}'),
      keywords: [
        ...['passeport #', 'passeport n °', 'passeportnon', 'passeport non', 'passeportn °', 'passport #'],
        ...['passport no', 'passport number', 'passport#', 'passportid'],
      ],
    },
  ]),
  managedIdentifier('TaxId-GB', [
    {
      pattern: whole('\\d{5} ?\\d{5}'),
      isSound: passesUtr,
      keywords: [
        ...['paye', 'tax id', 'tax id no.', 'tax id number', 'tax identification', 'tax identification#'],
        ...['tax no.', 'tax number', 'tax reference', 'tax#', 'taxid#', 'temporary reference number', 'tin'],
        ...['trn', 'unique tax reference', 'unique taxpayer reference', 'utr'],
      ],
    },
  ]),
  managedIdentifier('NationalIdentificationNumber-IT', [
    {
      pattern: whole('[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]'),
      isSound: passesCodiceFiscale,
      keywords: [
        ...['codice fiscal', 'dati anagrafici', 'ehic', 'health card', 'health insurance card', 'p. iva'],
        ...['partita i.v.a.', 'personal data', 'tax code', 'tessera sanitaria'],
      ],
    },
  ]),
  managedIdentifier('PassportNumber-IT', [
    {
      pattern: whole('[A-Z]{2}\\d{7}'),
      keywords: [
        ...['italian passport number', 'numéro passeport', 'numéro passeport italien', 'passaporto'],
        ...['passaporto italiana', 'passaporto numero', 'passport number', 'repubblica italiana passaporto'],
      ],
    },
  ]),
  managedIdentifier('IndividualTaxIdentificationNumber-US', [
    {
      pattern: whole('9\\d{2}[ -]?(?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-24-9])[ -]?\\d{4}'),
      keywords: ['individual taxpayer identification number', 'itin', 'i.t.i.n.'],
    },
  ]),
  managedIdentifier('PassportNumber-US', [
    { pattern: whole('\\d{9}|[A-Z]\\d{8}'), keywords: ['passport', 'travel document'] },
  ]),
  managedIdentifier('Ssn-US', [
    {
      pattern: whole('(?!000|666|9)\\d{3}([ -]?)(?!00)\\d{2}\\1(?!0000)\\d{4}'),
      keywords: ['social security', 'ss#', 'ssn'],
    },
  ]),
  managedIdentifier('ZipCode-US', [
    { pattern: whole('\\d{5}(?:-\\d{4})?'), keywords: ['zip code', 'zip+4'] },
  ]),
]
