import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'

/** Where the certificate of a server and its key are. */
export interface TlsPaths {
  readonly tlsCert: string
  readonly tlsKey: string
}

/** A certificate and the key that belongs to it. */
export interface TlsFiles {
  /** PEM text, with all that the file holds: what leads to an authority stands behind the server's own certificate. */
  readonly certificate: string
  /** PEM text. */
  readonly privateKey: string
  /** The server's own certificate. */
  readonly own: X509Certificate
}

/** A certificate or key can't be used; the message names the file, its setting and what is wrong. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError'
}

/** Reads both files, and tries what they hold, so that whatever is wrong shows before a client comes. Throws `TlsFilesError`. */
export async function readTlsFiles({ tlsCert, tlsKey }: TlsPaths): Promise<TlsFiles> {
  const certificate = await read(tlsCert, '--tls-cert')
  const privateKey = await read(tlsKey, '--tls-key')
  const own = parseCertificate(certificate, tlsCert)
  if (!own.checkPrivateKey(parseKey(privateKey, tlsKey))) {
    throw new TlsFilesError(
      `the key in ${tlsKey} (--tls-key) is not that of the certificate in ${tlsCert} (--tls-cert)`,
    )
  }
  try {
    createSecureContext({ cert: certificate, key: privateKey })
  } catch (cause) {
    throw new TlsFilesError(`${tlsCert} (--tls-cert) and ${tlsKey} (--tls-key) can't be used for TLS`, {
      cause,
    })
  }
  return { certificate, privateKey, own }
}

async function read(path: string, flag: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new TlsFilesError(`can't read ${path} (${flag})`, { cause })
  }
}

function parseCertificate(text: string, path: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (cause) {
    throw new TlsFilesError(`${path} (--tls-cert) must hold a certificate as PEM text`, { cause })
  }
}

function parseKey(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (cause) {
    const problem = text.includes('ENCRYPTED')
      ? 'is encrypted: it must not need a passphrase'
      : 'must hold a private key as PEM text'
    throw new TlsFilesError(`${path} (--tls-key) ${problem}`, { cause })
  }
}
