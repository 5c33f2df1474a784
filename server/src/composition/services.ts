import { PolicyAuthorizer } from '../auth/policy-authorizer.ts'
import type { RootKey } from '../auth/root-key-file.ts'
import { SeededRandom } from '../base/random.ts'
import type { SteadyClock } from '../cell/steady-clock.ts'
import type { Config } from '../config/config.ts'
import type { ReadLanded } from '../core/landing.ts'
import type { CellClient } from '../core/ports.ts'
import type { BodySeals } from '../core/sealed-body.ts'
import { isPushProtocol, type Transports } from '../delivery/transports.ts'
import { AesBodySeals } from '../keys/aes-body-seals.ts'
import { deriveKey } from '../keys/derive-key.ts'
import { NodeCryptography } from '../keys/node-cryptography.ts'
import type { Logger } from '../observe/logger.ts'
import { People } from '../people.ts'
import { createDispatcher } from '../protocol/dispatch.ts'
import { Secrets } from '../secrets.ts'
import { kinesis } from '../services/kinesis/service.ts'
import { KmsDataKeys } from '../services/kms/data-keys.ts'
import { keyUsersBy } from '../services/kms/key-users.ts'
import { kms } from '../services/kms/service.ts'
import { MessageProtection } from '../services/sns/data-protection/message-protection.ts'
import type { NotificationSigner } from '../services/sns/ports.ts'
import { readLandedOf } from '../services/sns/read-landed.ts'
import { RememberedSeals } from '../services/sns/remembered-seals.ts'
import { sns } from '../services/sns/service.ts'
import { topicArn } from '../services/sns/topic-arn.ts'
import { sqsInspection } from '../services/sqs/inspection.ts'
import type { DisorderSource, QueueEncryption, SqsPorts } from '../services/sqs/ports.ts'
import { sqs } from '../services/sqs/service.ts'
import { keyLookupOf, type States } from '../states.ts'
import { type SystemRandom, systemTimers } from '../system.ts'

export interface ServicesOptions {
  readonly config: Config
  /** Where commands of clients go. */
  readonly cell: CellClient
  /** Where data keys are asked for: whoever looks on has bodies opened, which must not wait for whoever looks on. */
  readonly ownCell: CellClient
  readonly rootKey: RootKey
  readonly signer: NotificationSigner
  readonly transports: Transports
  /** What signatures and sessions go by. */
  readonly clock: SteadyClock
  /** What queues, topics, streams and keys go by. */
  readonly now: () => number
  readonly random: SystemRandom
  readonly logger: Logger
}

/** All services on one cell, with what they have in common: who asks and who may, what bodies and secrets are sealed with. */
export class Services {
  readonly people: People
  readonly dataKeys: KmsDataKeys
  readonly seals: BodySeals
  readonly readLanded: ReadLanded
  readonly sqsPorts: SqsPorts
  readonly dispatcher: ReturnType<typeof createDispatcher>
  /** For looking at messages without receiving them. */
  readonly inspection: ReturnType<typeof createDispatcher>
  readonly #secrets: Secrets
  #states: States | undefined

  constructor(options: ServicesOptions) {
    const { config, cell, ownCell, rootKey, signer, transports, clock, now, random, logger } = options
    // Next-tokens stay good over restarts, as long as the root key stays.
    const tokenKey = deriveKey(rootKey.pair.secretKey, 'next-token')
    this.readLanded = readLandedOf(signer)
    this.#secrets = new Secrets({
      ...{ random, rootSecret: rootKey.pair.secretKey, directory: config.dataDirectory },
      isToBeWrapped: config.durability !== 'memory' && !config.encryption,
      report: (error) => logger.error({ error }, 'secrets are not as they should be'),
    })
    const keyPorts = {
      ...{ cell, random, tokenKey, now },
      sealer: this.#secrets.keyMaterial,
      cryptography: new NodeCryptography(random),
      report: (error: Error) => logger.error({ error }, 'the material of a key can not be opened'),
    }
    const keyLookup = keyLookupOf(() => this.#states)
    const authorizer = config.auth ? new PolicyAuthorizer((arn) => this.#states?.resourceOf(arn), now) : null
    const keyUsers = authorizer === null ? null : keyUsersBy(authorizer, keyLookup)
    this.dataKeys = new KmsDataKeys({ ...keyPorts, cell: ownCell })
    const seals = new AesBodySeals(this.dataKeys, random)
    this.seals = seals
    const encryption: QueueEncryption = {
      seals,
      keyOf: (queue) => this.#states?.sqs.queueKeyAt(queue) ?? null,
      userOf: (request) => keyUsers?.of(request, 'sqs') ?? null,
    }
    this.sqsPorts = {
      ...{ cell, random, tokenKey, encryption, readLanded: this.readLanded },
      ...{ disorder: disorderOf(config, random, logger), ...likeAws(config) },
      deadLetterSources: (arn: string) => this.#states?.sqs.deadLetterSourcesOf(arn) ?? [],
    }
    this.people = new People({
      ...{ cell, random, tokenKey, rootKey, clock, timers: systemTimers, auth: config.auth },
      sealer: this.#secrets.accessKeys,
      authFailuresPerMinute: config.authFailuresPerMinute,
      reportFailures: (address, accessKeyId) =>
        logger.warn({ address, accessKeyId }, 'too many requests fail to authenticate; more are held off'),
      report: (error) => logger.error({ error }, 'access keys or their uses are not as they should be'),
    })
    const protection = new MessageProtection({
      random,
      topicAt: (topic) => this.#states?.sns.protectionOf(topic),
      audited: (line) => logger.info({ ...line }, 'a message was audited for sensitive data'),
    })
    const topics = sns({
      ...{ cell, random, tokenKey, signer, protection },
      endpointProblem: (protocol, endpoint) =>
        isPushProtocol(protocol) ? transports.endpointProblem(protocol, endpoint) : undefined,
      encryption: {
        seals,
        remembered: new RememberedSeals(),
        publisher: (request) => keyUsers?.of(request, 'sns') ?? null,
        topic: (address) => keyUsers?.ofService('sns', 'sqs', { ...address, arn: topicArn(address) }) ?? null,
      },
    })
    const streams = kinesis({
      ...{ cell, random, tokenKey, now, timers: systemTimers },
      ...{ transitionMs: config.kinesisTransitionMs, throughputLimits: config.kinesisThroughputLimits },
      encryption: { seals, userOf: (request) => keyUsers?.of(request, 'kinesis') ?? null },
    })
    const keys = kms(keyPorts, keyLookup)
    const reportDefect = (error: unknown, requestId: string) =>
      logger.error({ requestId, error }, 'a request failed by a defect')
    const all = [this.sqsOn(cell), topics, streams, ...this.people.services, keys]
    this.dispatcher = createDispatcher(all, reportDefect, authorizer)
    this.inspection = createDispatcher([sqsInspection(this.sqsPorts)], reportDefect, authorizer)
  }

  /** Queues on another cell: one that is not yet, or not for everybody. */
  sqsOn(cell: CellClient) {
    return sqs({ ...this.sqsPorts, cell })
  }

  /** Whatever is asked without waiting is looked up there from now on. */
  attach(states: States): void {
    this.#states = states
  }

  /** To be called once, when all is recovered, and before anybody is served. */
  async open(cell: CellClient): Promise<void> {
    if (this.#states === undefined) throw new Error('the cell is open and has no states')
    await this.#secrets.open(cell, this.#states)
    this.people.opened(this.#states.iam)
  }
}

/** What is done as AWS does it, though nothing here needs that. */
export function likeAws({ purgeCooldown, deleteCooldown, fifoQuota }: Config) {
  return {
    cooldowns: { purge: purgeCooldown, deletion: deleteCooldown },
    fifoQuota,
  } satisfies Partial<SqsPorts>
}

/** The seed is drawn where none is given, and logged, so that whatever it brings to light can be seen again. */
function disorderOf(
  { standardOrder, twicePercent, seed: given }: Config,
  random: SystemRandom,
  logger: Logger,
): DisorderSource | undefined {
  if (standardOrder === 'in-order') return undefined
  const seed = given !== 0 ? given : Buffer.from(random.bytes(4)).readUInt32BE()
  logger.warn({ seed, twicePercent }, 'STANDARD QUEUES ARE OUT OF ORDER, and deliver some messages twice')
  return { random: new SeededRandom(seed), twicePercent }
}
