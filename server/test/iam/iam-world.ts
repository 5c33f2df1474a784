import { compileFindViolations } from '../../src/api/find-violations.ts'
import { rootIdentity } from '../../src/api/identity.ts'
import type { Caller, Request, Service } from '../../src/api/operation.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import type { Command } from '../../src/core/command.ts'
import { Machine } from '../../src/core/machine.ts'
import type { CellClient } from '../../src/core/ports.ts'
import { Units } from '../../src/core/units.ts'
import { AesSealer } from '../../src/keys/aes-sealer.ts'
import { SealedTokens } from '../../src/keys/session-tokens.ts'
import { Identities } from '../../src/services/iam/identities.ts'
import { LastUses } from '../../src/services/iam/last-uses.ts'
import { iam } from '../../src/services/iam/service.ts'
import { IamState } from '../../src/services/iam/state/iam-state.ts'
import { sts } from '../../src/services/iam/sts-service.ts'
import { TEST_REQUEST, TEST_TOKEN_KEY } from '../../src/services/sqs/test-cell.ts'

type Input = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation, for tests to look into.
type Output = Readonly<Record<string, any>>

export const ACCOUNT = '111122223333'
export const START = Date.UTC(2026, 0, 31, 12)
export const ROOT_KEY = { accountId: ACCOUNT, accessKeyId: 'AKIAROOTROOTROOTROOT' }

export const rootOf = (accountId: string): Caller => ({
  ...{ accountId, region: 'us-east-1', userId: accountId, principalArn: `arn:aws:iam::${accountId}:root` },
  identity: rootIdentity(accountId),
})

export const ROOT = rootOf(ACCOUNT)

export const policyOf = (Action: string, Effect = 'Allow', Resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Action, Resource }] })

export const trustOf = (Principal: Input, more: Input = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: ['sts:AssumeRole', 'sts:TagSession'], ...more }],
  })

/** A machine with IAM's state, of which all events are kept. */
class Life {
  readonly state: IamState
  readonly units = new Units()
  readonly machine: Machine

  constructor() {
    this.state = new IamState(this.units)
    this.machine = new Machine([this.state])
  }
}

/** IAM and STS as clients see them, by the names on the wire. Inputs are checked as the protocol does. */
export class IamWorld {
  now = START
  readonly reports: Error[] = []
  readonly lastUses = new LastUses()
  readonly identities: Identities
  #life = new Life()
  #isRecovering = false
  readonly #journal: Uint8Array[] = []
  readonly services: readonly Service[]

  constructor(seed = 1) {
    const random = new SeededRandom(seed)
    const sealer = new AesSealer(new Uint8Array(32).fill(3), random)
    const tokens = new SealedTokens(new AesSealer(new Uint8Array(32).fill(4), random))
    const { lastUses } = this
    const cell: CellClient = { execute: async (command) => this.execute(command) }
    this.identities = new Identities({
      directory: () => (this.#isRecovering ? null : this.#life.state.directory),
      ...{ sealer, tokens, lastUses, rootKey: ROOT_KEY },
      report: (error) => this.reports.push(error),
    })
    this.services = [
      iam({ cell, random, tokenKey: TEST_TOKEN_KEY, sealer, lastUses, rootKey: ROOT_KEY }, () => '/'),
      sts({ cell, random, identities: this.identities, tokens, now: () => this.now }),
    ]
  }

  execute(command: Command): unknown {
    const { machine } = this.#life
    machine.advance(this.now)
    const { reply, events } = machine.execute(command, 1)
    if (events.length > 0) this.#journal.push(events)
    return reply
  }

  async run(name: string, input: Input = {}, caller: Caller = ROOT): Promise<Output> {
    const service = this.services.find(({ operations }) => operations.has(name))
    if (service === undefined) throw new Error(`${name} is not served`)
    const { model, operations, refuseInput } = service
    const violations = compileFindViolations(model.operations.get(name)!.input, true)(input)
    if (violations.length > 0) throw refuseInput(violations[0]!, violations)
    const run: (input: never, request: Request) => Promise<object> = operations.get(name)!.run
    const request = { ...TEST_REQUEST, caller }
    // Policies are not asked here, but what is refused before that, is.
    service.access[name]!(input as never, request)
    return run(input as never, request)
  }

  /** What a client is told of a request that is refused. */
  async refusal(name: string, input: Input = {}, caller: Caller = ROOT): Promise<string> {
    try {
      await this.run(name, input, caller)
    } catch (error) {
      if (error instanceof ServiceError) return `${error.shape.code} ${error.shape.status}: ${error.message}`
      throw error
    }
    return 'not refused'
  }

  /** Whoever a key speaks for, as authentication would have it; undefined if it doesn't know the key. */
  callerBy(accessKeyId: string, token?: string): Caller | undefined {
    const key = this.identities.find(accessKeyId, token)
    if (key === undefined || (key.session?.expiresAt ?? Number.POSITIVE_INFINITY) <= this.now)
      return undefined
    const { accountId, userId, principalArn, identity } = key
    return { accountId, region: 'us-east-1', userId, principalArn, identity }
  }

  /** Makes a user with an access key, and returns the caller that it is. */
  async user(UserName: string, options: Input = {}): Promise<Caller & { readonly accessKeyId: string }> {
    await this.run('CreateUser', { UserName, ...options })
    const { AccessKey } = await this.run('CreateAccessKey', { UserName })
    return { ...this.callerBy(AccessKey.AccessKeyId)!, accessKeyId: AccessKey.AccessKeyId }
  }

  /** The caller that credentials of STS are. */
  callerWith({ Credentials }: Output): Caller | undefined {
    return this.callerBy(Credentials.AccessKeyId, Credentials.SessionToken)
  }

  whileRecovering<Result>(task: () => Result): Result {
    this.#isRecovering = true
    try {
      return task()
    } finally {
      this.#isRecovering = false
    }
  }

  /** All units of a snapshot, by their ids. */
  snapshot(): ReadonlyMap<number, Uint8Array> {
    const units = new Map<number, Uint8Array>()
    const cut = this.#life.units.cut()
    for (let unit = cut.next(); unit !== null; unit = cut.next()) {
      if (unit.bytes === null) throw new Error('the first snapshot keeps nothing')
      units.set(unit.id, unit.bytes)
    }
    return units
  }

  /** Goes on with a state made of all events. */
  replay(): void {
    this.#life = new Life()
    for (const events of this.#journal) this.#life.machine.replay(events)
  }

  /** Goes on with a state made of a snapshot. */
  restore(snapshot: ReadonlyMap<number, Uint8Array>): void {
    this.#life = new Life()
    this.#life.machine.restore(snapshot, this.#life.units, this.now)
  }

  /** All entities, in the order of their numbers. */
  entities(): readonly object[] {
    return [...this.#life.state.directory]
      .sort((a, b) => a.number - b.number)
      .map(({ number, entity }) => ({ number, entity }))
  }
}
