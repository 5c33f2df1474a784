import { fileURLToPath } from 'node:url'
import type { SteadyClock } from '../cell/steady-clock.ts'
import type { TimeControl } from '../cell/time-control.ts'
import type { Config } from '../config/config.ts'
import type { SigningKeySource } from '../delivery/signing-key.ts'
import { accountRoutes } from '../http/accounts.ts'
import { certificateRoutes } from '../http/certificate.ts'
import { clockRoutes } from '../http/clock.ts'
import { consoleRoutes } from '../http/console.ts'
import { readConsoleFiles } from '../http/console-files.ts'
import { healthRoutes, type Readiness } from '../http/health.ts'
import { inspectionRoutes } from '../http/inspection.ts'
import { optOutRoutes } from '../http/opt-out.ts'
import { resetRoutes } from '../http/reset.ts'
import { createAccount, listAccounts } from '../services/iam/accounts.ts'
import { optOutPhoneNumber } from '../services/sns/opt-out.ts'
import type { Services } from './services.ts'

/** Where the build puts the console, seen from the sources as from what is built of them. */
const CONSOLE_FILES = fileURLToPath(new URL('../../dist/console/', import.meta.url))

export interface RoutesOptions {
  readonly config: Config
  readonly services: Services
  readonly readiness: Readiness
  /** What notifications are signed with. */
  readonly signingKey: SigningKeySource
  readonly clock: SteadyClock
  /** Null unless the configuration allows to control the clock. */
  readonly time: TimeControl | null
  readonly reset: () => Promise<object>
}

/** The paths that AWS doesn't have. */
export function routesOf({ config, services, readiness, signingKey, clock, time, reset }: RoutesOptions) {
  const { people, inspection, sqsPorts } = services
  const { authenticator } = people
  return {
    ...healthRoutes(readiness),
    ...(config.console && consoleRoutes({ files: readConsoleFiles(CONSOLE_FILES), auth: config.auth })),
    ...certificateRoutes({
      path: signingKey.certificatePath,
      certificate: async () => (await signingKey.key()).certificate,
    }),
    ...inspectionRoutes({ dispatcher: inspection, authenticator, clock }),
    ...optOutRoutes({
      ...{ authenticator, clock },
      optOut: (caller, phoneNumber) => optOutPhoneNumber(sqsPorts, caller, phoneNumber),
    }),
    ...accountRoutes({
      ...{ authenticator, clock },
      create: (name) => createAccount(people.ports, name),
      list: () => listAccounts(people.ports),
    }),
    ...resetRoutes({ authenticator, clock, isAllowed: config.allowReset, reset }),
    ...clockRoutes({ authenticator, clock, time }),
  }
}
