import { CREDENTIALS } from './credentials.ts'
import { DEVICES } from './devices.ts'
import { DRIVERS_LICENSES } from './drivers-licenses.ts'
import { FINANCIAL } from './financial.ts'
import { HEALTH } from './health.ts'
import type { DataIdentifier } from './managed-identifier.ts'
import { PERSONAL } from './personal.ts'
import { PHONE_NUMBERS } from './phone-numbers.ts'

/** Those that are recognised here, by their names. */
export const MANAGED_IDENTIFIERS: ReadonlyMap<string, DataIdentifier> = new Map(
  [CREDENTIALS, DEVICES, FINANCIAL, HEALTH, PERSONAL, DRIVERS_LICENSES, PHONE_NUMBERS]
    .flat()
    .map((identifier) => [identifier.name, identifier]),
)

/** Those of AWS that nothing but knowledge of the world's names and places would find. */
export const UNSERVED_IDENTIFIERS: readonly string[] = ['Address', 'Name']
