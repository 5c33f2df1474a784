import { isLoopbackHost } from '../base/loopback.ts'
import type { Config } from '../config/config.ts'
import { clientCertificates, isOpenToOthers } from '../config/listening-settings.ts'
import type { Logger } from '../observe/logger.ts'
import type { PreviewQueues, RunningServer, StartServer } from '../running-server.ts'
import { exportLines } from './client-environment.ts'
import { clientUrl } from './client-url.ts'
import { EXIT } from './exit-codes.ts'
import { describeError, explainFailure } from './explain-failure.ts'
import { formatDifferences } from './format-differences.ts'
import { exitCodeOf, type StopSignal, type Terminal } from './terminal.ts'
import { readVersion } from './version.ts'

export interface ServeOptions {
  readonly config: Config
  readonly start: StartServer
  readonly terminal: Terminal
  readonly logger: Logger
}

/**
 * Runs a server until a signal stops it or its journal fails; resolves with the exit code.
 *
 * ```
 *   starting ── signal ──▶ exit at once: recovery may be cut short anywhere
 *      │
 *   serving ── signal ──▶ draining ── second signal ──▶ exit at once
 *      │ journal failed      └──▶ done
 *      ▼
 *   last words, exit 74
 * ```
 */
export async function serve({ config, start, terminal, logger }: ServeOptions): Promise<number> {
  const stopRequest = stopRequests(terminal)
  let serving: (server: RunningServer) => void = () => {}
  const whenServing = new Promise<RunningServer>((resolve) => {
    serving = resolve
  })
  // Without a certificate there is nothing to read again, and the signal does what it does to any program.
  if (config.tlsCert !== '') {
    terminal.onReloadSignal(async () => (await whenServing).reloadCertificate())
  }
  let server: RunningServer
  try {
    server = await start(config, { logger })
  } catch (error) {
    const failure = explainFailure(error, config)
    if (failure === null) throw error
    terminal.complain(`millrace: ${failure.message}`)
    return failure.exitCode
  }
  serving(server)
  warn(config, logger)
  terminal.print(greeting(config, server))

  const end = await Promise.race([stopRequest.whileServing(), server.failed])
  if (end instanceof Error) {
    terminal.complain(lastWords(end))
    return EXIT.storage
  }
  logger.info({ signal: end }, 'stopping: answering what is under way')
  const failure = await Promise.race([server.stop(), server.failed])
  if (failure instanceof Error) {
    terminal.complain(lastWords(failure))
    return EXIT.storage
  }
  logger.info({}, 'stopped')
  return EXIT.done
}

export interface PreviewOptions {
  readonly config: Config
  readonly preview: PreviewQueues
  readonly terminal: Terminal
  readonly logger: Logger
}

/** Prints what a start would do to the declared queues; resolves with the exit code. */
export async function printPreview({ config, preview, terminal, logger }: PreviewOptions): Promise<number> {
  try {
    terminal.print(formatDifferences(await preview(config, { logger }), config.queues.length))
    return EXIT.done
  } catch (error) {
    const failure = explainFailure(error, config)
    if (failure === null) throw error
    terminal.complain(`millrace: ${failure.message}`)
    return failure.exitCode
  }
}

/** Any signal ends the process at once, but for the first one that comes while somebody waits for it. */
function stopRequests(terminal: Terminal) {
  let accept: ((signal: StopSignal) => void) | null = null
  terminal.onStopSignal((signal) => {
    if (accept === null) terminal.exit(exitCodeOf(signal))
    accept?.(signal)
    accept = null
  })
  return {
    whileServing: () =>
      new Promise<StopSignal>((resolve) => {
        accept = resolve
      }),
  }
}

function warn(config: Config, logger: Logger): void {
  if (isOpenToOthers(config)) {
    logger.warn(
      { host: config.host },
      'AUTHENTICATION IS OFF on an address that others may reach: whoever does can read and delete every message',
    )
  }
  if (config.allowPlainHttp && !isLoopbackHost(config.host)) {
    logger.warn(
      { host: config.host },
      'PLAIN HTTP IS ALLOWED on an address that others may reach: what is sent so can be read on the way',
    )
  }
  if (config.allowReset) {
    logger.warn({}, 'RESET IS ALLOWED: one request to /_millrace/reset deletes all that there is')
  }
  if (config.allowClockControl) {
    logger.warn(
      {},
      'CLOCK CONTROL IS ALLOWED: one request to /_millrace/clock can let every message expire; not for production',
    )
  }
  if (config.durability === 'memory') {
    logger.warn({}, 'durability is "memory": nothing is stored, all messages are gone when the process ends')
  }
}

function greeting(config: Config, server: RunningServer): string {
  const lines = [
    `millrace ${readVersion()}`,
    '',
    `  listening on  ${server.url}`,
    ...tlsLines(config),
    `  data          ${config.dataDirectory}`,
    `  durability    ${config.durability}`,
    `  auth          ${config.auth ? 'on' : 'off'}`,
    ...(config.console ? [`  console       ${server.url}/_millrace/console/`] : []),
    '',
  ]
  if (!config.auth) lines.push('Requests need no signature; clients that insist on keys may use any.')
  else if (server.rootKey.created) {
    const { accessKeyId, secretAccessKey } = server.rootKey
    const url = clientUrl({ ...config, port: Number(new URL(server.url).port) || config.port })
    lines.push(
      'A root key was made. To let AWS clients use this server, paste:',
      '',
      exportLines({ url, accessKeyId, secretAccessKey }),
      '',
      '`millrace env` prints these lines again.',
    )
  } else lines.push('`millrace env` prints what AWS clients need to use this server.')
  return lines.join('\n')
}

function tlsLines(config: Config): readonly string[] {
  const { tlsCert, tlsMinVersion, tlsClientCa, allowPlainHttp } = config
  if (tlsCert === '') return []
  const certificates = tlsClientCa === '' ? '' : `; client certificates ${clientCertificates(config)}`
  const plain = allowPlainHttp ? 'from everywhere' : 'from this machine alone'
  return [`  tls           ${tlsMinVersion} or newer${certificates}; plain HTTP ${plain}`]
}

function lastWords(failure: Error): string {
  return [
    `millrace: stopped, because the server can't go on: ${describeError(failure)}`,
    'What was acknowledged is safe. Requests that got no answer may or may not have taken effect.',
    'Mend the cause, then start again: the journal is checked and recovered at the start.',
  ].join('\n')
}
