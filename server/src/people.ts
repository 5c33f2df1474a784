import type { Service } from './api/operation.ts'
import type { Authenticator } from './auth/authenticator.ts'
import { FailedAttempts, type ReportFailures } from './auth/failed-attempts.ts'
import { RootAndFurtherCredentials, RootCredentials } from './auth/root-key.ts'
import type { RootKey } from './auth/root-key-file.ts'
import { ROOT_ACCOUNT_ID } from './auth/root-principal.ts'
import { SigV4Authenticator } from './auth/sigv4.ts'
import { TrustingAuthenticator } from './auth/trusting-authenticator.ts'
import type { Random } from './base/random.ts'
import type { Sealer } from './base/sealer.ts'
import type { Clock, Timers } from './base/time.ts'
import type { CellClient } from './core/ports.ts'
import { AesSealer } from './keys/aes-sealer.ts'
import { deriveKey } from './keys/derive-key.ts'
import { SealedTokens } from './keys/session-tokens.ts'
import type { PathOf } from './services/iam/access.ts'
import { Identities } from './services/iam/identities.ts'
import { LastUses } from './services/iam/last-uses.ts'
import { USES_NOTED_EVERY_MS } from './services/iam/limits.ts'
import { ask, type IamPorts } from './services/iam/ports.ts'
import { iam } from './services/iam/service.ts'
import type { IamState } from './services/iam/state/iam-state.ts'
import { sts } from './services/iam/sts-service.ts'

export interface PeopleOptions {
  readonly cell: CellClient
  readonly random: Random
  readonly tokenKey: Uint8Array
  readonly rootKey: RootKey
  /** What the secrets of access keys are sealed with. */
  readonly sealer: Sealer
  /** What signatures and sessions go by. */
  readonly clock: Clock
  readonly timers: Timers
  /** Whether who asks has to show who it is. */
  readonly auth: boolean
  /** 0 for no limit. */
  readonly authFailuresPerMinute: number
  readonly reportFailures: ReportFailures
  /** Told of what went wrong but was survived. */
  readonly report: (error: unknown) => void
}

/** Everything about who asks: IAM and STS, and the authentication that looks into what they keep. */
export class People {
  readonly ports: IamPorts
  readonly services: readonly Service[]
  readonly authenticator: Authenticator
  readonly #options: PeopleOptions
  #state: IamState | null = null
  #cancelSave: () => void = () => {}

  constructor(options: PeopleOptions) {
    this.#options = options
    const { cell, random, tokenKey, clock, report, sealer } = options
    const { pair } = options.rootKey
    // Sessions end with the root key: whoever had it may have made some.
    const tokens = new SealedTokens(new AesSealer(deriveKey(pair.secretKey, 'session tokens'), random))
    const lastUses = new LastUses()
    const rootKey = { accountId: ROOT_ACCOUNT_ID, accessKeyId: pair.accessKeyId }
    const directory = () => this.#state?.directory ?? null
    const identities = new Identities({ directory, sealer, tokens, lastUses, rootKey, report })
    this.ports = { cell, random, tokenKey, sealer, lastUses, rootKey }
    const pathOf: PathOf = (type, accountId, name) =>
      directory()?.named(type, accountId, name)?.entity.path ?? '/'
    this.services = [
      iam(this.ports, pathOf),
      sts({ cell, random, identities, tokens, now: () => clock.now() }),
    ]
    const { authFailuresPerMinute: perMinute, reportFailures } = options
    const failures = perMinute === 0 ? null : new FailedAttempts(perMinute, reportFailures)
    this.authenticator = options.auth
      ? new SigV4Authenticator(new RootAndFurtherCredentials(new RootCredentials(pair), identities), failures)
      : new TrustingAuthenticator()
  }

  /** To be called when what IAM keeps is recovered. Keys other than the root key are good from then on. */
  opened(state: IamState): void {
    this.#state = state
    this.#saveLater()
  }

  /** Saves what is only known here. */
  async stop(): Promise<void> {
    this.#cancelSave()
    await this.#saveUses()
  }

  #saveLater(): void {
    this.#cancelSave = this.#options.timers.after(USES_NOTED_EVERY_MS, () => {
      void this.#saveUses().then(() => this.#saveLater())
    })
  }

  async #saveUses(): Promise<void> {
    const uses = this.ports.lastUses.takeUnsaved()
    if (uses.length === 0) return
    try {
      await ask(this.ports, { service: 'iam', kind: 'noteUses', uses })
    } catch (error) {
      this.ports.lastUses.putBack(uses)
      this.#options.report(error)
    }
  }
}
