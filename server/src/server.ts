import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { PolicyAuthorizer } from './auth/policy-authorizer.ts'
import { type KeyPair, makeKeyPair } from './auth/root-key.ts'
import { loadRootKey, type RootKey } from './auth/root-key-file.ts'
import { SeededRandom } from './base/random.ts'
import type { Cell } from './cell/cell.ts'
import { ManualClock } from './cell/manual-clock.ts'
import { ObservedCell } from './cell/observed-cell.ts'
import { RecoveringCell } from './cell/recovering-cell.ts'
import { SteadyClock } from './cell/steady-clock.ts'
import { TimeControl } from './cell/time-control.ts'
import type { Config } from './config/config.ts'
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
import { loadSigningKey, passingSigningKey, type SigningKeySource } from './delivery/signing-key.ts'
import { isPushProtocol, Transports } from './delivery/transports.ts'
import { waysBy } from './delivery/ways.ts'
import { lockDirectory } from './engines/files/directory-lock.ts'
import { accountRoutes } from './http/accounts.ts'
import { AwsHandler } from './http/aws-handler.ts'
import { certificateRoutes } from './http/certificate.ts'
import { clockRoutes } from './http/clock.ts'
import { BrowserRedirect, consoleRoutes } from './http/console.ts'
import { readConsoleFiles } from './http/console-files.ts'
import { healthRoutes, type Readiness } from './http/health.ts'
import { inspectionRoutes } from './http/inspection.ts'
import { Listener } from './http/listener.ts'
import { optOutRoutes } from './http/opt-out.ts'
import { RequestIds } from './http/request-ids.ts'
import type { RequestLog } from './http/request-log.ts'
import { resetRoutes } from './http/reset.ts'
import { WebPages } from './http/web-pages.ts'
import { AesBodySeals } from './keys/aes-body-seals.ts'
import { deriveKey } from './keys/derive-key.ts'
import { NodeCryptography } from './keys/node-cryptography.ts'
import type { Logger } from './observe/logger.ts'
import { openCell } from './open-cell.ts'
import { openJournal, openJournalToLook } from './open-journal.ts'
import { People } from './people.ts'
import { createDispatcher } from './protocol/dispatch.ts'
import type { EmbeddedServer, PreviewQueues, ServerPorts, StartEmbeddedServer } from './running-server.ts'
import { Secrets } from './secrets.ts'
import { createAccount, listAccounts } from './services/iam/accounts.ts'
import { kinesis } from './services/kinesis/service.ts'
import { KmsDataKeys } from './services/kms/data-keys.ts'
import { keyUsersBy } from './services/kms/key-users.ts'
import { kms } from './services/kms/service.ts'
import { MessageProtection } from './services/sns/data-protection/message-protection.ts'
import { optOutPhoneNumber } from './services/sns/opt-out.ts'
import { readLandedOf } from './services/sns/read-landed.ts'
import { RememberedSeals } from './services/sns/remembered-seals.ts'
import { sns } from './services/sns/service.ts'
import { topicArn } from './services/sns/topic-arn.ts'
import { TopicPushes } from './services/sns/topic-pushes.ts'
import { sqsInspection } from './services/sqs/inspection.ts'
import { InternalQueues } from './services/sqs/internal-queues.ts'
import { ask, type DisorderSource, type QueueEncryption, type SqsPorts } from './services/sqs/ports.ts'
import { sqs } from './services/sqs/service.ts'
import { keyLookupOf, type States } from './states.ts'
import { SystemRandom, systemClocks, systemTimers } from './system.ts'
import { readAuthorities, readTlsFiles, type TlsFiles } from './tls-files.ts'

/** Where the build puts the console, seen from the sources as from what is built of them. */
const CONSOLE_FILES = fileURLToPath(new URL('../dist/console/', import.meta.url))

/** How long deliveries under way may take to end at a stop, in milliseconds: as long as answers may. */
const DELIVERY_GRACE_MS = 10_000

/** The composition root: the one place that knows every part, and brings clock, randomness, disk and network. */
export const startServer: StartEmbeddedServer = async (config, ports) => {
  const tls = await tlsFilesOf(config)
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 })
  const lock = await lockDirectory(config.dataDirectory)
  const release = () => lock.release()
  try {
    const rootKey = await loadRootKey(config.dataDirectory, config.rootKey, new SystemRandom())
    const signingKey = await loadSigningKey(config.dataDirectory, Date.now())
    return await serve(config, ports, { rootKey, signingKey, tls, release })
  } catch (error) {
    await release()
    throw error
  }
}

/** Starts a server that needs no directory and leaves nothing behind: for the durability `memory` alone. */
export const startServerInMemory: StartEmbeddedServer = async (config, ports) => {
  if (config.durability !== 'memory') throw new Error(`the durability ${config.durability} needs a directory`)
  const pair = config.rootKey ?? makeKeyPair(new SystemRandom())
  const rootKey = { pair, isNew: config.rootKey === undefined }
  const signingKey = passingSigningKey(Date.now())
  const tls = await tlsFilesOf(config)
  return serve(config, ports, { rootKey, signingKey, tls, release: async () => {} })
}

/** What a server has besides its configuration. */
interface Belongings {
  readonly rootKey: RootKey
  /** What notifications are signed with. */
  readonly signingKey: SigningKeySource
  /** What clients are shown who come over TLS; undefined if none may. */
  readonly tls: TlsFiles | undefined
  /** Lets go of its directory. */
  readonly release: () => Promise<void>
}

/** Opens the data directory as it is, and writes nothing to it. */
export const previewQueues: PreviewQueues = async (config, { logger }) => {
  const random = new SystemRandom()
  const serviceOn = (cell: CellClient) =>
    sqs({ cell, random, tokenKey: random.bytes(32), readLanded: readsNothing, ...likeAws(config) })
  await checkDeclaredQueues(config.queues, serviceOn)
  const lock = existsSync(config.dataDirectory) ? await lockDirectory(config.dataDirectory) : null
  try {
    const clock = steadyClock(logger)
    const cell = await openCell({
      ...{ config, logger, clock, manualClock: manualClockOf(config, clock), open: openJournalToLook },
      onFailure: (error) => {
        throw error
      },
    })
    const differences = await compareDeclaredQueues(config.queues, serviceOn, cell)
    await cell.close()
    return differences
  } finally {
    await lock?.release()
  }
}

async function serve(
  config: Config,
  { logger, observer }: ServerPorts,
  { rootKey, signingKey, tls, release }: Belongings,
): Promise<EmbeddedServer> {
  const random = new SystemRandom()
  const clock = steadyClock(logger)
  const manualClock = manualClockOf(config, clock)
  const names = new NameServers()
  const transports = new Transports({
    settings: config,
    ca:
      config.deliveryCa === ''
        ? undefined
        : [...rootCertificates, ...(await readAuthorities(config.deliveryCa, '--delivery-ca'))],
    timers: systemTimers,
    resolveName: (name) => names.resolve(name),
    awsCredentials: config.awsCredentials,
  })

  const readiness: { problem: string | undefined } & Readiness = { problem: 'recovering the journal' }
  let fail: (error: Error) => void = () => {}
  const failed = new Promise<Error>((resolve) => {
    fail = resolve
  })

  const recovering = new RecoveringCell()
  let opened: (cell: Cell) => void = () => {}
  const whenOpened = new Promise<Cell>((resolve) => {
    opened = resolve
  })
  const time = manualClock === null ? null : new TimeControl(manualClock, whenOpened)
  const tokenKey = tokenKeyOf(rootKey.pair)
  const disorder = disorderOf(config, random, logger)
  const signer = new Signer(signingKey)
  const readLanded = readLandedOf(signer)
  const served = observer === undefined ? recovering : new ObservedCell(recovering, observer.caughtUp)
  let states: States | undefined
  const now = () => (manualClock ?? clock).now()
  const secrets = new Secrets({
    ...{ random, rootSecret: rootKey.pair.secretKey, directory: config.dataDirectory },
    isToBeWrapped: config.durability !== 'memory' && !config.encryption,
    report: (error) => logger.error({ error }, 'secrets are not as they should be'),
  })
  const keyPorts = {
    ...{ cell: served, random, tokenKey, now },
    sealer: secrets.keyMaterial,
    cryptography: new NodeCryptography(random),
    report: (error: Error) => logger.error({ error }, 'the material of a key can not be opened'),
  }
  const keyLookup = keyLookupOf(() => states)
  const authorizer = config.auth ? new PolicyAuthorizer((arn) => states?.resourceOf(arn), now) : null
  const keyUsers = authorizer === null ? null : keyUsersBy(authorizer, keyLookup)
  // Whoever looks on has bodies opened, which must not wait for whoever looks on.
  const seals = new AesBodySeals(new KmsDataKeys({ ...keyPorts, cell: recovering }), random)
  const encryption: QueueEncryption = {
    seals,
    keyOf: (queue) => states?.sqs.queueKeyAt(queue) ?? null,
    userOf: (request) => keyUsers?.of(request, 'sqs') ?? null,
  }
  const ports = {
    ...{ cell: served, random, tokenKey, disorder, readLanded, encryption, ...likeAws(config) },
    deadLetterSources: (arn: string) => states?.sqs.deadLetterSourcesOf(arn) ?? [],
  }
  const serviceOn = (cell: CellClient) => sqs({ ...ports, cell })
  await checkDeclaredQueues(config.queues, serviceOn)
  const declare = async (cell: CellClient) =>
    logDeclared(await declareQueues(config.queues, serviceOn, cell), logger)

  const reportDefect = (error: unknown, requestId: string) =>
    logger.error({ requestId, error }, 'a request failed by a defect')
  const endpointProblem = (protocol: string, endpoint: string) =>
    isPushProtocol(protocol) ? transports.endpointProblem(protocol, endpoint) : undefined
  const people = new People({
    ...{
      cell: served,
      random,
      tokenKey,
      rootKey,
      sealer: secrets.accessKeys,
      clock,
      timers: systemTimers,
      auth: config.auth,
    },
    authFailuresPerMinute: config.authFailuresPerMinute,
    reportFailures: (address, accessKeyId) =>
      logger.warn({ address, accessKeyId }, 'too many requests fail to authenticate; more are held off'),
    report: (error) => logger.error({ error }, 'access keys or their uses are not as they should be'),
  })
  const protection = new MessageProtection({
    random,
    topicAt: (topic) => states?.sns.protectionOf(topic),
    audited: (line) => logger.info({ ...line }, 'a message was audited for sensitive data'),
  })
  const topics = sns({
    ...{ cell: served, random, tokenKey, signer, protection, endpointProblem },
    encryption: {
      seals,
      remembered: new RememberedSeals(),
      publisher: (request) => keyUsers?.of(request, 'sns') ?? null,
      topic: (address) => keyUsers?.ofService('sns', 'sqs', { ...address, arn: topicArn(address) }) ?? null,
    },
  })
  const streams = kinesis({
    ...{ cell: served, random, tokenKey, now },
    ...{ transitionMs: config.kinesisTransitionMs, throughputLimits: config.kinesisThroughputLimits },
    encryption: { seals, userOf: (request) => keyUsers?.of(request, 'kinesis') ?? null },
  })
  const keys = kms(keyPorts, keyLookup)
  const services = [serviceOn(served), topics, streams, ...people.services, keys]
  const dispatcher = createDispatcher(services, reportDefect, authorizer)
  const inspection = createDispatcher([sqsInspection(ports)], reportDefect, authorizer)
  const { authenticator } = people
  const reset = resetOf(ports, declare, time, logger)
  const handler = new AwsHandler(dispatcher, authenticator, clock)
  const listener = new Listener({
    handler: config.console ? new BrowserRedirect(handler) : handler,
    routes: {
      ...healthRoutes(readiness),
      ...(config.console && consoleRoutes({ files: readConsoleFiles(CONSOLE_FILES), auth: config.auth })),
      ...certificateRoutes({
        path: signingKey.certificatePath,
        certificate: async () => (await signingKey.key()).certificate,
      }),
      ...inspectionRoutes({ dispatcher: inspection, authenticator, clock }),
      ...optOutRoutes({
        authenticator,
        clock,
        optOut: (caller, phoneNumber) => optOutPhoneNumber({ cell: served }, caller, phoneNumber),
      }),
      ...accountRoutes({
        authenticator,
        clock,
        create: (name) => createAccount(people.ports, name),
        list: () => listAccounts(people.ports),
      }),
      ...resetRoutes({
        authenticator,
        clock,
        isAllowed: config.allowReset,
        reset,
      }),
      ...clockRoutes({ authenticator, clock, time }),
    },
    log: requestLogOf(logger),
    requestIds: new RequestIds(random),
    webPages: new WebPages({
      isOpen: !config.auth,
      allowedOrigins: config.allowedOrigins,
      host: config.host,
    }),
    ...(tls !== undefined && {
      tls: { ...tls, minVersion: `TLSv${config.tlsMinVersion}`, clientCertificate: config.tlsClientCert },
    }),
    allowPlainHttp: config.allowPlainHttp,
  })
  if (tls !== undefined) logCertificate(tls, clock.now(), logger)
  const address = await listener.listen({ host: config.host, port: config.port })

  let cell: Cell | undefined
  try {
    cell = await openCell({
      ...{ config, logger, clock, manualClock, open: openJournal, observer: observer?.note },
      pushed: transports.protocols,
      seals,
      onStates: (opened) => {
        states = opened
      },
      onFailure: (error) => {
        readiness.problem = 'the journal failed'
        fail(error)
      },
    })
    if (states === undefined) throw new Error('the cell is open and has no states')
    await secrets.open(cell, states)
    people.opened(states.iam)
    await declare(cell)
  } catch (error) {
    await listener.drain(0)
    await cell?.close()
    throw error
  }
  recovering.recovered(cell)
  opened(cell)
  const counters = new DeliveryCounters()
  const deliverer = new Deliverer({
    pushes: new TopicPushes({
      ...{ cell, queues: new InternalQueues({ cell, random }), signer, seals },
      report: (error) => logger.error({ error }, 'a message can not be read to be delivered'),
    }),
    ways: waysBy(transports, config),
    ...{ clock: manualClock ?? clock, clockTimers: manualClock ?? systemTimers, timers: systemTimers },
    ...{ counters, log: deliveryLogOf(logger) },
  })
  deliverer.start()
  readiness.problem = undefined

  return {
    url: urlOf(config, address.port),
    rootKey: {
      accessKeyId: rootKey.pair.accessKeyId,
      secretAccessKey: rootKey.pair.secretKey,
      created: rootKey.isNew,
    },
    failed,
    cell,
    reader: { readLanded, seals },
    time,
    reloadCertificate: certificateReloads(config, { listener, clock, logger }),
    async reset() {
      await reset()
    },
    async stop() {
      readiness.problem = 'stopping'
      const delivered = deliverer.stop(DELIVERY_GRACE_MS)
      cell.releaseWaiting()
      await Promise.all([listener.drain(), delivered])
      await people.stop()
      for (const counted of counters) logger.debug({ ...counted }, 'deliveries since the start')
      await transports.close()
      await cell.close()
      await release()
    },
  }
}

function manualClockOf(config: Config, clock: SteadyClock): ManualClock | null {
  return config.allowClockControl ? new ManualClock(clock, systemTimers) : null
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
  time: TimeControl | null,
  logger: Logger,
): () => Promise<object> {
  const run = async () => {
    const startedAt = performance.now()
    time?.resume()
    // Topics go first: so nothing is published to queues that are gone.
    await ports.cell.execute({ service: 'sns', kind: 'reset' })
    await ports.cell.execute({ service: 'kinesis', kind: 'reset' })
    await ports.cell.execute({ service: 'iam', kind: 'reset' })
    const { queues } = await ask(ports, { service: 'sqs', kind: 'reset' })
    // Keys go last: what is encrypted with them is gone by then.
    await ports.cell.execute({ service: 'kms', kind: 'reset' })
    await declare(ports.cell)
    const milliseconds = Math.round(performance.now() - startedAt)
    logger.warn(
      { queues, milliseconds },
      'RESET: every queue, message, topic, stream, user, group, role, policy and key was deleted, as a client asked',
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

/** What is done as AWS does it, though nothing here needs that. */
function likeAws({ purgeCooldown, deleteCooldown, fifoQuota }: Config) {
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
  const seed = given !== 0 ? given : new DataView(random.bytes(4).buffer).getUint32(0)
  logger.warn({ seed, twicePercent }, 'STANDARD QUEUES ARE OUT OF ORDER, and deliver some messages twice')
  return { random: new SeededRandom(seed), twicePercent }
}

/** Next-tokens stay good over restarts, as long as the root key stays. */
function tokenKeyOf(pair: KeyPair): Uint8Array {
  return deriveKey(pair.secretKey, 'next-token')
}

function urlOf({ host, tlsCert }: Config, port: number): string {
  const scheme = tlsCert === '' ? 'http' : 'https'
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function tlsFilesOf(config: Config): Promise<TlsFiles | undefined> {
  return config.tlsCert === '' ? undefined : readTlsFiles(config)
}

interface CertificateReloads {
  readonly listener: Listener
  readonly clock: SteadyClock
  readonly logger: Logger
}

/** One after the other, so that what is read last is shown in the end. */
function certificateReloads(
  config: Config,
  { listener, clock, logger }: CertificateReloads,
): () => Promise<void> {
  const reload = async () => {
    try {
      const tls = await tlsFilesOf(config)
      if (tls === undefined) return
      listener.renewCertificate(tls)
      logCertificate(tls, clock.now(), logger)
    } catch (error) {
      logger.error({ error }, 'the TLS certificate was not renewed; the one before is still in use')
    }
  }
  let last = Promise.resolve()
  return () => {
    last = last.then(reload)
    return last
  }
}

function logCertificate({ own }: TlsFiles, now: number, logger: Logger): void {
  const { subjectAltName: names, serialNumber, validFrom, validTo } = own
  const certificate = { names, serialNumber, validFrom, validTo }
  if (Date.parse(validFrom) <= now && now < Date.parse(validTo)) {
    logger.info(certificate, 'the TLS certificate is in use')
  } else {
    logger.warn(certificate, 'THE TLS CERTIFICATE IS NOT VALID NOW: clients that check it will refuse it')
  }
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
    misconfigured: (what) => logger.warn({}, what),
    failed: (error, requestId) => logger.error({ requestId, error }, 'a request failed by a defect'),
  }
}
