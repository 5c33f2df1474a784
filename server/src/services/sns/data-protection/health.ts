import { passesDea, passesInsee, passesNhs, passesNpi, passesPhn } from './check-digits.ts'
import { type DataIdentifier, managedIdentifier, whole } from './managed-identifier.ts'
import { INSEE } from './number-forms.ts'

/** A letter of a Medicare number: all but those that look like digits. */
const M = '[AC-HJKMNP-RT-Y]'

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-phi.html */
export const HEALTH: readonly DataIdentifier[] = [
  managedIdentifier('DrugEnforcementAgencyNumber-US', [
    {
      pattern: whole('[A-Z][A-Z9]\\d{7}'),
      isSound: passesDea,
      keywords: ['dea number', 'dea registration'],
    },
  ]),
  managedIdentifier('HealthInsuranceCardNumber-EU', [
    {
      pattern: whole('80(?: ?\\d){18}'),
      keywords: [
        ...['assicurazione sanitaria numero', 'carta assicurazione numero', 'carte d’assurance maladie'],
        ...["carte européenne d'assurance maladie", 'ceam', 'ehic', 'ehic#', 'finlandehicnumber#'],
        ...['gesundheitskarte', 'hälsokort', 'health card', 'health card number', 'health insurance card'],
        ...['health insurance number', 'insurance card number', 'krankenversicherungskarte'],
        ...['krankenversicherungsnummer', 'medical account number', 'numero conto medico'],
        ...['numéro d’assurance maladie', 'numéro de carte d’assurance', 'numéro de compte medical'],
        ...['número de cuenta médica', 'número de seguro de salud', 'número de tarjeta de seguro'],
        ...['sairaanhoitokortin', 'sairausvakuutuskortti', 'sairausvakuutusnumero', 'sjukförsäkring nummer'],
        ...['sjukförsäkringskort', 'suomi ehic-numero', 'tarjeta de salud', 'terveyskortti'],
        ...['tessera sanitaria assicurazione numero', 'versicherungsnummer'],
      ],
    },
  ]),
  managedIdentifier('HealthInsuranceClaimNumber-US', [
    {
      pattern: whole('\\d{3}-?\\d{2}-?\\d{4}-?[A-Z]\\d?[A-Z]?'),
      keywords: [
        ...['health insurance claim number', 'hic no', 'hic no.', 'hic number', 'hic#', 'hicn', 'hicn#.'],
        'hicno#',
      ],
    },
  ]),
  managedIdentifier('HealthInsuranceNumber-FR', [
    {
      pattern: whole(INSEE),
      isSound: passesInsee,
      keywords: ["carte d'assuré social", 'carte vitale', 'insurance card'],
    },
  ]),
  managedIdentifier('HealthcareProcedureCode-US', [
    {
      pattern: whole('[A-CEGHJ-MP-V]\\d{4}'),
      keywords: ['current procedural terminology', 'hcpcs', 'healthcare common procedure coding system'],
    },
  ]),
  managedIdentifier('MedicareBeneficiaryNumber-US', [
    {
      pattern: whole(`[1-9]${M}(?:\\d|${M})\\d-?${M}(?:\\d|${M})\\d-?${M}${M}\\d{2}`),
      keywords: ['mbi', 'medicare beneficiary'],
    },
  ]),
  managedIdentifier('NationalDrugCode-US', [
    {
      pattern: whole('\\d{4}-\\d{4}-\\d{2}|\\d{5}-\\d{3}-\\d{2}|\\d{5}-\\d{4}-\\d{1,2}'),
      keywords: ['national drug code', 'ndc'],
    },
  ]),
  managedIdentifier('NationalProviderId-US', [
    {
      pattern: whole('[12]\\d{9}'),
      isSound: passesNpi,
      keywords: ['hipaa', 'n.p.i', 'national provider', 'npi'],
    },
  ]),
  managedIdentifier('NhsNumber-GB', [
    {
      pattern: whole('\\d{3}[ -]?\\d{3}[ -]?\\d{4}'),
      isSound: passesNhs,
      keywords: ['national health service', 'nhs'],
    },
  ]),
  managedIdentifier('PersonalHealthNumber-CA', [
    {
      pattern: whole('9\\d{3}[ -]?\\d{3}[ -]?\\d{3}'),
      isSound: passesPhn,
      keywords: [
        ...['canada healthcare number', 'msp number', 'personal healthcare number', 'phn'],
        'soins de santé',
      ],
    },
  ]),
]
