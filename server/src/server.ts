import { hkdfSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { Authenticator } from './auth/authenticator.ts'
import { type KeyPair, RootCredentials } from './auth/root-key.ts'
import { loadRootKey } from './auth/root-key-file.ts'
import { SigV4Authenticator } from './auth/sigv4.ts'
import { TrustingAuthenticator } from './auth/trusting-authenticator.ts'
import { Cell } from './cell/cell.ts'
import { RecoveringCell } from './cell/recovering-cell.ts'
import { SteadyClock } from './cell/steady-clock.ts'
import type { Config } from './config.ts'
import type { ReadLanded } from './core/landing.ts'
import type { CellClient } from './core/ports.ts'
import {
  checkDeclaredQueues,
  compareDeclaredQueues,
  declareQueues,
  type QueueDifference,
} from './declared-queues.ts'
import { Deliverer, type DeliveryLog } from './delivery/deliverer.ts'
import { DeliveryCounters } from './delivery/delivery-counters.ts'
import { NameServers } from './delivery/name-resolution.ts'
import { Signer } from './delivery/signer.ts'
import { loadSigningKey } from './delivery/signing-key.ts'
import { isPushProtocol, type PushProtocol, Transports } from './delivery/transports.ts'
import { waysBy } from './delivery/ways.ts'
import { type DirectoryLock, lockDirectory } from './engines/files/directory-lock.ts'
import { AwsHandler } from './http/aws-handler.ts'
import { certificateRoutes } from './http/certificate.ts'
import { healthRoutes, type Readiness } from './http/health.ts'
import { inspectionRoutes } from './http/inspection.ts'
import { Listener } from './http/listener.ts'
import { optOutRoutes } from './http/opt-out.ts'
import { RequestIds } from './http/request-ids.ts'
import type { RequestLog } from './http/request-log.ts'
import { resetRoutes } from './http/reset.ts'
import type { Journal } from './journal/journal.ts'
import type { Logger } from './observe/logger.ts'
import { type OpenJournalOptions, openJournal, openJournalToLook } from './open-journal.ts'
import { createDispatcher } from './protocol/dispatch.ts'
import type { PreviewQueues, RunningServer, StartServer } from './running-server.ts'
import { optOutPhoneNumber } from './services/sns/opt-out.ts'
import { Pushes } from './services/sns/pushes.ts'
import { readLandedOf } from './services/sns/read-landed.ts'
import { sns } from './services/sns/service.ts'
import { SnsState } from './services/sns/state/sns-state.ts'
import { sqsInspection } from './services/sqs/inspection.ts'
import { InternalQueues } from './services/sqs/internal-queues.ts'
import type { Cooldowns } from './services/sqs/ports.ts'
import { ask, type SqsPorts } from './services/sqs/ports.ts'
import { sqs } from './services/sqs/service.ts'
import { SqsState } from './services/sqs/state/sqs-state.ts'
import { SystemRandom, systemClocks, systemTimers } from './system.ts'

/** How long deliveries under way may take to end at a stop, in milliseconds: as long as answers may. */
const DELIVERY_GRACE_MS = 10_000

/** The composition root: the one place that knows every part, and brings clock, randomness, disk and network. */
export const startServer: StartServer = async (config, { logger }) => {
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 })
  const lock = await lockDirectory(config.dataDirectory)
  try {
    return await serve(config, logger, lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Opens the data directory as it is, and writes nothing to it. */
export const previewQueues: PreviewQueues = async (config, { logger }) => {
  const random = new SystemRandom()
  const serviceOn = (cell: CellClient) =>
    sqs({
      ...{ cell, random, tokenKey: random.bytes(32), cooldowns: cooldownsOf(config) },
      readLanded: readsNothing,
    })
  await checkDeclaredQueues(config.queues, serviceOn)
  const lock = existsSync(config.dataDirectory) ? await lockDirectory(config.dataDirectory) : null
  try {
    const cell = await openCell(config, logger, steadyClock(logger), openJournalToLook, (error) => {
      throw error
    })
    const differences = await compareDeclaredQueues(config.queues, serviceOn, cell)
    await cell.close()
    return differences
  } finally {
    await lock?.release()
  }
}

async function serve(config: Config, logger: Logger, lock: DirectoryLock): Promise<RunningServer> {
  const random = new SystemRandom()
  const clock = steadyClock(logger)
  const rootKey = await loadRootKey(config.dataDirectory, config.rootKey, random)
  const signingKey = await loadSigningKey(config.dataDirectory, clock.now())

  const names = new NameServers()
  const transports = new Transports({
    settings: config,
    timers: systemTimers,
    resolveName: (name) => names.resolve(name),
  })

  const readiness: { problem: string | undefined } & Readiness = { problem: 'recovering the journal' }
  let fail: (error: Error) => void = () => {}
  const failed = new Promise<Error>((resolve) => {
    fail = resolve
  })

  const recovering = new RecoveringCell()
  const tokenKey = tokenKeyOf(rootKey.pair)
  const cooldowns = cooldownsOf(config)
  const signer = new Signer(signingKey)
  const readLanded = readLandedOf(signer)
  const serviceOn = (cell: CellClient) => sqs({ cell, random, tokenKey, cooldowns, readLanded })
  await checkDeclaredQueues(config.queues, serviceOn)
  const declare = async (cell: CellClient) =>
    logDeclared(await declareQueues(config.queues, serviceOn, cell), logger)

  const reportDefect = (error: unknown, requestId: string) =>
    logger.error({ requestId, error }, 'a request failed by a defect')
  const endpointProblem = (protocol: string, endpoint: string) =>
    isPushProtocol(protocol) ? transports.endpointProblem(protocol, endpoint) : undefined
  const topics = sns({ cell: recovering, random, tokenKey, signer, endpointProblem })
  const dispatcher = createDispatcher([serviceOn(recovering), topics], reportDefect)
  const ports = { cell: recovering, random, tokenKey, cooldowns, readLanded }
  const inspection = createDispatcher([sqsInspection(ports)], reportDefect)
  const authenticator = authenticatorOf(config, rootKey.pair)
  const listener = new Listener({
    handler: new AwsHandler(dispatcher, authenticator, clock),
    routes: {
      ...healthRoutes(readiness),
      ...certificateRoutes({ path: signingKey.certificatePath, certificate: signingKey.certificate }),
      ...inspectionRoutes({ dispatcher: inspection, authenticator, clock }),
      ...optOutRoutes({
        authenticator,
        clock,
        optOut: (caller, phoneNumber) => optOutPhoneNumber({ cell: recovering }, caller, phoneNumber),
      }),
      ...resetRoutes({
        authenticator,
        clock,
        isAllowed: config.allowReset,
        reset: resetOf(ports, declare, logger),
      }),
    },
    log: requestLogOf(logger),
    requestIds: new RequestIds(random),
  })
  const address = await listener.listen({ host: config.host, port: config.port })

  let cell: Cell | undefined
  try {
    const { protocols } = transports
    cell = await openCell(
      config,
      logger,
      clock,
      openJournal,
      (error) => {
        readiness.problem = 'the journal failed'
        fail(error)
      },
      protocols,
    )
    await declare(cell)
  } catch (error) {
    await listener.drain(0)
    await cell?.close()
    throw error
  }
  recovering.recovered(cell)
  const counters = new DeliveryCounters()
  const deliverer = new Deliverer({
    pushes: new Pushes({ cell, queues: new InternalQueues({ cell, random }), signer }),
    ways: waysBy(transports),
    ...{ clock, timers: systemTimers, counters, log: deliveryLogOf(logger) },
  })
  deliverer.start()
  readiness.problem = undefined

  return {
    url: urlOf(config.host, address.port),
    rootKey: {
      accessKeyId: rootKey.pair.accessKeyId,
      secretAccessKey: rootKey.pair.secretKey,
      created: rootKey.isNew,
    },
    failed,
    async stop() {
      readiness.problem = 'stopping'
      const delivered = deliverer.stop(DELIVERY_GRACE_MS)
      cell.releaseWaiting()
      await Promise.all([listener.drain(), delivered])
      for (const counted of counters) logger.debug({ ...counted }, 'deliveries since the start')
      await transports.close()
      await cell.close()
      await lock.release()
    },
  }
}

/** Opens the cell on the journal of the data directory, and recovers what it holds. */
function openCell(
  config: Config,
  logger: Logger,
  clock: SteadyClock,
  open: (options: OpenJournalOptions) => Promise<Journal>,
  onFailure: (error: Error) => void,
  pushed: readonly PushProtocol[] = [],
): Promise<Cell> {
  return Cell.open({
    clock,
    timers: systemTimers,
    states: (units, host) => [new SqsState(units, host), new SnsState(units, pushed)],
    openJournal: (recovery, listener) =>
      open({ config, logger, random: new SystemRandom(), clock, recovery, listener }),
    acceptClock: config.acceptClock,
    onFailure,
    report: (error) => logger.warn({ error }, 'a snapshot failed; another is tried later'),
  })
}

/** Who only looks at queues receives nothing. */
const readsNothing: ReadLanded = () => Promise.reject(new Error('nothing is received from here'))

function steadyClock(logger: Logger): SteadyClock {
  return new SteadyClock(systemClocks, (milliseconds) =>
    logger.warn({ milliseconds }, 'the wall clock jumped; it is followed slowly'),
  )
}

/** One reset after the other: two at once would each find the other's queues. */
function resetOf(
  ports: SqsPorts,
  declare: (cell: CellClient) => Promise<void>,
  logger: Logger,
): () => Promise<object> {
  const run = async () => {
    const startedAt = performance.now()
    // Topics go first: so nothing is published to queues that are gone.
    await ports.cell.execute({ service: 'sns', kind: 'reset' })
    const { queues } = await ask(ports, { service: 'sqs', kind: 'reset' })
    await declare(ports.cell)
    const milliseconds = Math.round(performance.now() - startedAt)
    logger.warn(
      { queues, milliseconds },
      'RESET: every queue, message and topic was deleted, as a client asked',
    )
    return { queues, milliseconds }
  }
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const next = last.then(run)
    last = next.catch(() => {})
    return next
  }
}

/** What is set back was changed by somebody, who will want to know. */
function logDeclared(differences: readonly QueueDifference[], logger: Logger): void {
  for (const { queue, isMissing, attributes, tags } of differences) {
    const { name, region, accountId } = queue
    if (isMissing) {
      logger.info({ queue: name, region, accountId }, 'created a declared queue')
      continue
    }
    for (const changed of attributes) {
      const { name: attribute, from, to } = changed
      const message = 'set an attribute to what the config file declares'
      logger.warn({ queue: name, region, accountId, attribute, from, to }, message)
    }
    for (const { name: tag, from, to } of tags) {
      logger.warn(
        { queue: name, region, accountId, tag, from, to },
        'set a tag to what the config file declares',
      )
    }
  }
}

function authenticatorOf(config: Config, pair: KeyPair): Authenticator {
  return config.auth ? new SigV4Authenticator(new RootCredentials(pair)) : new TrustingAuthenticator()
}

function cooldownsOf({ purgeCooldown, deleteCooldown }: Config): Cooldowns {
  return { purge: purgeCooldown, deletion: deleteCooldown }
}

/** Next-tokens stay good over restarts, as long as the root key stays. */
function tokenKeyOf(pair: KeyPair): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', pair.secretKey, '', 'millrace next-token', 32))
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** What is lost for good is worth a line; attempts are many. */
function deliveryLogOf(logger: Logger): DeliveryLog {
  return {
    attempted: (line) => {
      const isLost = line.ending === 'discarded' || line.ending === 'not redriven'
      logger[isLost ? 'info' : 'debug']({ ...line }, 'attempted a delivery')
    },
    failed: (error) => logger.error({ error }, 'a delivery failed by a defect'),
  }
}

function requestLogOf(logger: Logger): RequestLog {
  const levelOf = (status: number) => (status < 400 ? 'debug' : status < 500 ? 'info' : 'warn')
  return {
    wants: (status) => logger.isLevelEnabled(levelOf(status)),
    answered: (line) => logger[levelOf(line.status)]({ ...line }, 'answered'),
    lost: (reason, requestId) => logger.debug({ requestId, reason }, 'a client was lost'),
    failed: (error, requestId) => logger.error({ requestId, error }, 'a request failed by a defect'),
  }
}
