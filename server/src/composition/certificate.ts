import type { SteadyClock } from '../cell/steady-clock.ts'
import type { Config } from '../config/config.ts'
import type { Listener } from '../http/listener.ts'
import type { Logger } from '../observe/logger.ts'
import { readTlsFiles, type TlsFiles } from '../tls-files.ts'

/** What clients are shown who come over TLS; undefined if none may. */
export async function tlsFilesOf(config: Config): Promise<TlsFiles | undefined> {
  return config.tlsCert === '' ? undefined : readTlsFiles(config)
}

interface CertificateReloads {
  readonly listener: Listener
  readonly clock: SteadyClock
  readonly logger: Logger
}

/** One after the other, so that what is read last is shown in the end. */
export function certificateReloads(
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

export function logCertificate({ own }: TlsFiles, now: number, logger: Logger): void {
  const { subjectAltName: names, serialNumber, validFrom, validTo } = own
  const certificate = { names, serialNumber, validFrom, validTo }
  if (Date.parse(validFrom) <= now && now < Date.parse(validTo)) {
    logger.info(certificate, 'the TLS certificate is in use')
  } else {
    logger.warn(certificate, 'THE TLS CERTIFICATE IS NOT VALID NOW: clients that check it will refuse it')
  }
}
