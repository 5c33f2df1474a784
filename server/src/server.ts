import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import { makeKeyPair } from './auth/root-key.ts'
import { loadRootKey, type RootKey } from './auth/root-key-file.ts'
import type { Cell } from './cell/cell.ts'
import { ManualClock } from './cell/manual-clock.ts'
import { ObservedCell } from './cell/observed-cell.ts'
import { RecoveringCell } from './cell/recovering-cell.ts'
import { SteadyClock } from './cell/steady-clock.ts'
import { TimeControl } from './cell/time-control.ts'
import { certificateReloads, logCertificate, tlsFilesOf } from './composition/certificate.ts'
import { resetOf } from './composition/reset.ts'
import { routesOf } from './composition/routes.ts'
import { deliveryLogOf, logDeclared, requestLogOf, unreadPushLogOf } from './composition/server-logs.ts'
import { likeAws, Services } from './composition/services.ts'
import type { Config } from './config/config.ts'
import { clientCertificates } from './config/listening-settings.ts'
import type { ReadLanded } from './core/landing.ts'
import type { CellClient } from './core/ports.ts'
import { checkDeclaredQueues, compareDeclaredQueues, declareQueues } from './declared-queues.ts'
import { Deliverer } from './delivery/deliverer.ts'
import { DeliveryCounters } from './delivery/delivery-counters.ts'
import { NameServers } from './delivery/name-resolution.ts'
import { Signer } from './delivery/signer.ts'
import { loadSigningKey, passingSigningKey, type SigningKeySource } from './delivery/signing-key.ts'
import { Transports } from './delivery/transports.ts'
import { waysBy } from './delivery/ways.ts'
import { lockDirectory } from './engines/files/directory-lock.ts'
import { AwsHandler } from './http/aws-handler.ts'
import { BrowserRedirect } from './http/console.ts'
import type { Readiness } from './http/health.ts'
import { Listener } from './http/listener.ts'
import { RequestIds } from './http/request-ids.ts'
import { WebPages } from './http/web-pages.ts'
import type { Logger } from './observe/logger.ts'
import { openCell } from './open-cell.ts'
import { openJournal, openJournalToLook } from './open-journal.ts'
import type { EmbeddedServer, PreviewQueues, ServerPorts, StartEmbeddedServer } from './running-server.ts'
import { TopicPushes } from './services/sns/topic-pushes.ts'
import { InternalQueues } from './services/sqs/internal-queues.ts'
import { sqs } from './services/sqs/service.ts'
import { SystemRandom, systemClocks, systemTimers } from './system.ts'
import { readAuthorities, type TlsFiles } from './tls-files.ts'

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
  const transports = await transportsOf(config)
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
  const signer = new Signer(signingKey)
  const services = new Services({
    ...{ config, rootKey, signer, transports, clock, random, logger },
    cell: observer === undefined ? recovering : new ObservedCell(recovering, observer.caughtUp),
    ownCell: recovering,
    now: () => (manualClock ?? clock).now(),
  })
  const { people, seals, readLanded } = services
  const serviceOn = (cell: CellClient) => services.sqsOn(cell)
  await checkDeclaredQueues(config.queues, serviceOn)
  const declare = async (cell: CellClient) =>
    logDeclared(await declareQueues(config.queues, serviceOn, cell), logger)
  const keysDeleted = () => services.dataKeys.forgetAll()
  const reset = resetOf(services.sqsPorts, { declare, time, logger, keysDeleted })
  const handler = new AwsHandler(services.dispatcher, people.authenticator, clock)
  const listener = new Listener({
    handler: config.console ? new BrowserRedirect(handler) : handler,
    routes: routesOf({ config, services, readiness, signingKey, clock, time, reset }),
    log: requestLogOf(logger),
    requestIds: new RequestIds(random),
    webPages: new WebPages({
      isOpen: !config.auth,
      allowedOrigins: config.allowedOrigins,
      host: config.host,
    }),
    ...(tls !== undefined && {
      tls: {
        ...tls,
        minVersion: `TLSv${config.tlsMinVersion}`,
        clientCertificate: clientCertificates(config),
      },
    }),
    allowPlainHttp: config.allowPlainHttp,
  })
  if (tls !== undefined) logCertificate(tls, clock.now(), logger)
  const address = await listener.listen({ host: config.host, port: config.port })

  let cell: Cell | undefined
  try {
    cell = await openCell({
      ...{ config, logger, clock, manualClock, open: openJournal, observer: observer?.note },
      ...{ pushed: transports.protocols, seals, onStates: (states) => services.attach(states) },
      onFailure: (error) => {
        readiness.problem = 'the journal failed'
        fail(error)
      },
    })
    await services.open(cell)
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
      report: unreadPushLogOf(logger, manualClock ?? clock),
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

async function transportsOf(config: Config): Promise<Transports> {
  const names = new NameServers()
  return new Transports({
    settings: config,
    ca:
      config.deliveryCa === ''
        ? undefined
        : [...rootCertificates, ...(await readAuthorities(config.deliveryCa, '--delivery-ca'))],
    timers: systemTimers,
    resolveName: (name) => names.resolve(name),
    awsCredentials: config.awsCredentials,
  })
}

function urlOf({ host, tlsCert }: Config, port: number): string {
  const scheme = tlsCert === '' ? 'http' : 'https'
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
