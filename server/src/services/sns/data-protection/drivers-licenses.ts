import { passesSpanishLetter } from './check-digits.ts'
import { type DataIdentifier, managedIdentifier, type Rule, whole } from './managed-identifier.ts'
import { DNI } from './number-forms.ts'

const ENGLISH = [
  ...[
    'dl#',
    'dl:',
    'dl :',
    'dlno#',
    'driver licence',
    'driver licences',
    'driver license',
    'driver licenses',
  ],
  ...['driver permit', 'drivers lic.', 'drivers licence', "driver's licence", 'drivers licences'],
  ...["driver's licences", 'drivers license', "driver's license", 'drivers licenses', "driver's licenses"],
  ...['drivers permit', "driver's permit", 'drivers permit number', 'driving licence', 'driving license'],
  ...['driving permit'],
]
const GERMAN = [
  ...['fuehrerschein', 'fuehrerschein- nr', 'fuehrerscheinnummer', 'fuhrerschein', 'führerschein'],
  ...['fuhrerschein- nr', 'führerschein- nr', 'fuhrerscheinnummer', 'führerscheinnummer'],
]

const license = (country: string, pattern: string, keywords: readonly string[], isSound?: Rule['isSound']) =>
  managedIdentifier(`DriversLicense-${country}`, [
    { pattern: whole(pattern), keywords, ...(isSound !== undefined && { isSound }) },
  ])

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-pii.html */
export const DRIVERS_LICENSES: readonly DataIdentifier[] = [
  license('AT', '\\d{8}', [
    ...['führerschein', 'fuhrerschein', 'führerschein republik österreich'],
    'fuhrerschein republik osterreich',
  ]),
  license('AU', '[A-Z]{0,2}\\d{4,10}[A-Z]?', ENGLISH),
  license('BE', '\\d{10}', [
    ...GERMAN,
    ...['numéro permis conduire', 'permis de conduire', 'rijbewijs', 'rijbewijsnummer'],
  ]),
  license('BG', '\\d{9}', [
    ...['превозно средство', 'свидетелство за управление на моторно', 'свидетелство за управление на мпс'],
    ...['сумпс', 'шофьорска книжка'],
  ]),
  license(
    'CA',
    '[A-Z]\\d{4}[ -]?\\d{5}[ -]?\\d{5}|[A-Z]\\d{12}|[A-Z]{5}-?[A-Z]{1,2}\\d{3}[A-Z]{2}|[A-Z]?\\d{5,9}|\\d{6}-\\d{3}',
    [...ENGLISH, 'permis de conduire'],
  ),
  license('CY', '\\d{12}', ['άδεια οδήγησης']),
  license('CZ', '[A-Z]{2} ?\\d{6}', [
    ...['číslo licence', 'císlo licence řidiče', 'číslo řidičského průkazu', 'ovladače lic.'],
    ...['povolení k jízdě', 'povolení řidiče', 'řidiči povolení', 'řidičský prúkaz', 'řidičský průkaz'],
  ]),
  license('DE', '[\\dA-Z]\\d{2}[\\dA-Z]{6}\\d[\\dA-Z]', GERMAN),
  license('DK', '\\d{8}', ['kørekort', 'kørekortnummer']),
  license('EE', '[A-Z]{2}\\d{6}', [
    ...['juhi litsentsi number', 'juhiloa number', 'juhiluba', 'juhiluba number'],
  ]),
  license(
    'ES',
    DNI,
    [
      ...['carnet conducer', 'el carnet de conducer', 'licencia conducer', 'licencia de manejo'],
      ...['número carnet conducer', 'número de carnet de conducer', 'número de permiso conducer'],
      ...['número de permiso de conducer', 'número licencia conducer', 'número permiso conducer'],
      ...['permiso conducción', 'permiso conducer', 'permiso de conducción'],
    ],
    passesSpanishLetter,
  ),
  license('FI', '\\d{6}[-+A]\\d{3}[\\dA-Y]', [
    ...['ajokortin numero', 'ajokortti', 'förare lic.', 'körkort', 'körkort nummer', 'kuljettaja lic.'],
    'permis de conduire',
  ]),
  license('FR', '\\d{12}', ['permis de conduire']),
  license('GB', '[A-Z9]{5} ?\\d{6} ?[A-Z9]{2}[\\dA-Z] ?[\\dA-Z]{2}', ENGLISH),
  license('GR', '\\d{9}', ['δεια οδήγησης', 'adeia odigisis']),
  license('HR', '\\d{8}', ['vozačka dozvola']),
  license('HU', '[A-Z]{2}\\d{6}', [
    ...['illesztőprogramok lic', 'jogosítvány', 'jogsi', 'licencszám', 'vezető engedély'],
    'vezetői engedély',
  ]),
  license('IE', '\\d{6}[A-Z]{4}|\\d{3} ?\\d{3} ?\\d{3}', ['ceadúnas tiomána']),
  license('IT', '[A-Z]{2}\\d{7}[A-Z]|U1[\\dA-Z]{7}[A-Z]', [
    ...['patente di guida', 'patente di guida numero', 'patente guida', 'patente guida numero'],
  ]),
  license('LT', '\\d{8}', ['vairuotojo pažymėjimas']),
  license('LU', '\\d{6}', ['fahrerlaubnis', 'führerschäin']),
  license('LV', '[A-Z]{2,3}\\d{6}', [
    ...['autovadītāja apliecība', 'licences numurs', 'vadītāja apliecība', 'vadītāja apliecības numurs'],
    ...['vadītāja atļauja', 'vadītāja licences numurs', 'vadītāji lic.'],
  ]),
  license('MT', '[A-Z]{2} ?\\d{3} ?\\d{3}', ['liċenzja tas-sewqan']),
  license('NL', '\\d{10}', ['permis de conduire', 'rijbewijs', 'rijbewijsnummer']),
  license('PL', '\\d{5}/\\d{2}/\\d{4}', ['numer licencyjny', 'prawo jazdy', 'zezwolenie na prowadzenie']),
  license('PT', '[A-Z]{1,2}-?\\d{5,7} ?\\d?', [
    ...['carta de condução', 'carteira de habilitação', 'carteira de motorist', 'carteira habilitação'],
    ...['carteira motorist', 'licença condução', 'licença de condução', 'número de licença'],
    ...['número licença', 'permissão condução', 'permissão de condução'],
  ]),
  license('RO', '[A-Z]\\d{8}[A-Z]?', ['numărul permisului de conducere', 'permis de conducere']),
  license('SE', '\\d{6}-?\\d{4}', [
    ...['ajokortin numero', 'dlno# ajokortti', 'drivere lic.', 'förare lic.', 'körkort', 'körkort nummer'],
    ...['körkortsnummer', 'kuljettajat lic.'],
  ]),
  license('SI', '\\d{9}', ['vozniško dovoljenje']),
  license('SK', '[A-Z]\\d{7}', [
    ...['číslo licencie', 'číslo vodičského preukazu', 'ovládače lic.', 'povolenia vodičov'],
    ...['povolenie jazdu', 'povolenie na jazdu', 'povolenie vodiča', 'vodičský preukaz'],
  ]),
  license('US', '[A-Z]{1,2}\\d{5,14}|\\d{7,9}|\\d{12}|[A-Z]\\d{3}[ -]\\d{4}[ -]?\\d{4,5}', ENGLISH),
]
