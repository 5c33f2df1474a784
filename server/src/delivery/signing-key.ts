import {
  createHash,
  createPrivateKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { malformedKeyFile, readKeyFile, writeKeyFile } from '../key-file.ts'

const NAME = 'sns-signing-key.pem'
const CONTENT = 'a signing key and its certificate'
const FILE_BYTES_MAX = 65_536
/** What AWS signs with. */
const MODULUS_BITS = 2_048
const DAY_MS = 86_400_000
/** RFC 5280, 4.1.2.5: what a certificate says that has no well-defined end. */
const NO_END = new Date('9999-12-31T23:59:59Z')

/** A key that may not be made yet; where its certificate is to be found is known already. */
export interface SigningKeySource {
  /** Where clients find the certificate, in the form that AWS has: `/SimpleNotificationService-<32 hex digits>.pem`. */
  readonly certificatePath: string
  key(): Promise<SigningKey>
}

/** What notifications are signed with, and what they are verified with. */
export interface SigningKey extends SigningKeySource {
  readonly privateKey: KeyObject
  /** PEM text, public. */
  readonly certificate: string
}

/**
 * The signing key of a data directory, in `sns-signing-key.pem`, readable by its owner alone; one is made if there is none. What
 * is returned is durable. `now` in milliseconds since the epoch. Throws `KeyFileError`.
 */
export async function loadSigningKey(directory: string, now: number): Promise<SigningKey> {
  const path = join(directory, NAME)
  const stored = await readKeyFile(path, CONTENT, FILE_BYTES_MAX)
  if (stored !== undefined) return parseSigningKey(path, stored)
  const made = await makeSigningKey(now)
  await writeKeyFile(path, made)
  return parseSigningKey(path, made)
}

/** The key of a server that leaves nothing behind. It's made when it is first asked for: that takes as long as the whole start. */
export function passingSigningKey(now: number): SigningKeySource {
  const path = certificatePath(randomBytes(16).toString('hex'))
  let made: Promise<SigningKey> | undefined
  return {
    certificatePath: path,
    key() {
      made ??= makeSigningKey(now).then((text) =>
        signingKey(createPrivateKey(text), certificateIn(text), path),
      )
      return made
    },
  }
}

function signingKey(privateKey: KeyObject, certificate: string, path: string): SigningKey {
  const key: SigningKey = { privateKey, certificate, certificatePath: path, key: async () => key }
  return key
}

function certificateIn(text: string): string {
  return new X509Certificate(text).toString()
}

function certificatePath(digits: string): string {
  return `/SimpleNotificationService-${digits.slice(0, 32)}.pem`
}

function parseSigningKey(path: string, text: string): SigningKey {
  try {
    const privateKey = createPrivateKey(text)
    const certificate = new X509Certificate(text)
    if (privateKey.asymmetricKeyType === 'rsa' && certificate.checkPrivateKey(privateKey)) {
      const digest = createHash('sha256').update(certificate.raw).digest('hex')
      return signingKey(privateKey, certificate.toString(), certificatePath(digest))
    }
  } catch (cause) {
    throw malformedKeyFile(path, CONTENT, cause)
  }
  throw malformedKeyFile(path, CONTENT)
}

/** A fresh key and a certificate that it signs itself, both as PEM. */
async function makeSigningKey(now: number): Promise<string> {
  const key = await promisify(generateKeyPair)('rsa', {
    modulusLength: MODULUS_BITS,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  // Needed once in the life of a data directory, and large: loaded when it is.
  const { pki, md } = (await import('node-forge')).default
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.publicKeyFromPem(key.publicKey)
  // A serial number is positive: the first digit keeps the highest bit clear.
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`
  // A client whose clock is behind verifies too.
  certificate.validity.notBefore = new Date(now - DAY_MS)
  certificate.validity.notAfter = NO_END
  const name = [{ name: 'commonName', value: 'Millrace SNS signing' }]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ])
  certificate.sign(pki.privateKeyFromPem(key.privateKey), md.sha256.create())
  return `${key.privateKey}${pki.certificateToPem(certificate).replaceAll('\r', '')}`
}
