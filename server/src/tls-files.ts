import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'

/** Where the certificate of a server and its key are, and those of the authorities of its clients. */
export interface TlsPaths {
  readonly tlsCert: string
  readonly tlsKey: string
  /** Empty where clients are not asked for certificates. */
  readonly tlsClientCa: string
}

/** A certificate and the key that belongs to it. */
export interface TlsFiles {
  /** PEM text, with all that the file holds: what leads to an authority stands behind the server's own certificate. */
  readonly certificate: string
  /** PEM text. */
  readonly privateKey: string
  /** PEM texts; undefined where clients are not asked for certificates. */
  readonly clientAuthorities: readonly string[] | undefined
  /** The server's own certificate. */
  readonly own: X509Certificate
}

/** A certificate or key can't be used; the message names the file, its setting and what is wrong. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError'
}

/** Reads the files, and tries what they hold, so that whatever is wrong shows before a client comes. Throws `TlsFilesError`. */
export async function readTlsFiles({ tlsCert, tlsKey, tlsClientCa }: TlsPaths): Promise<TlsFiles> {
  const certificate = await read(tlsCert, '--tls-cert')
  const privateKey = await read(tlsKey, '--tls-key')
  const clientAuthorities =
    tlsClientCa === '' ? undefined : await readAuthorities(tlsClientCa, '--tls-client-ca')
  const own = parseCertificate(certificate, tlsCert, '--tls-cert')
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
  return { certificate, privateKey, clientAuthorities, own }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/**
 * The certificates of a file, of authorities, as PEM texts. Each is tried: OpenSSL passes over what it can't read behind the first one, and whom that
 * authority vouches for would be refused without a word. Throws `TlsFilesError`, which names the flag.
 */
export async function readAuthorities(path: string, flag: string): Promise<readonly string[]> {
  const text = await read(path, flag)
  const found = text.match(CERTIFICATE) ?? []
  if (found.length === 0) throw new TlsFilesError(`${path} (${flag}) must hold certificates as PEM text`)
  for (const each of found) parseCertificate(each, path, flag)
  return found
}

async function read(path: string, flag: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new TlsFilesError(`can't read ${path} (${flag})`, { cause })
  }
}

function parseCertificate(text: string, path: string, flag: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (cause) {
    throw new TlsFilesError(`${path} (${flag}) must hold a certificate as PEM text`, { cause })
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
