import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import forge from 'node-forge'

const { pki, md } = forge
const DAY_MS = 86_400_000

/** A certificate and its key, as files hold them. */
export interface TestCertificate {
  readonly certificate: string
  readonly privateKey: string
}

export interface Names {
  readonly dns?: readonly string[]
  readonly ip?: readonly string[]
  /** What alone it's good for; everything if left out. */
  readonly use?: 'serverAuth' | 'clientAuth'
}

/** An authority that nobody knows but who is given its certificate. */
export class TestAuthority {
  readonly #name: forge.pki.CertificateField[]
  readonly #privateKey: forge.pki.rsa.PrivateKey
  /** PEM text, for `ca`. */
  readonly certificate: string
  #serial = 1

  private constructor(name: forge.pki.CertificateField[], key: string, certificate: string) {
    this.#name = name
    this.#privateKey = pki.privateKeyFromPem(key)
    this.certificate = certificate
  }

  static async create(commonName = 'Test authority'): Promise<TestAuthority> {
    const key = await makeKey()
    const name = [{ name: 'commonName', value: commonName }]
    const certificate = unsigned(key.publicKey, 1)
    certificate.setSubject(name)
    certificate.setIssuer(name)
    certificate.setExtensions([{ name: 'basicConstraints', cA: true, critical: true }])
    certificate.sign(pki.privateKeyFromPem(key.privateKey), md.sha256.create())
    return new TestAuthority(name, key.privateKey, pki.certificateToPem(certificate))
  }

  /** For a server or client of these names. `days` is how long it's good, from now on; negative for one that expired. */
  async issue({ dns = [], ip = [], use }: Names, days = 1): Promise<TestCertificate> {
    const key = await makeKey()
    const certificate = unsigned(key.publicKey, ++this.#serial)
    certificate.validity.notBefore = new Date(Date.now() - 3 * DAY_MS)
    certificate.validity.notAfter = new Date(Date.now() + days * DAY_MS)
    certificate.setSubject([{ name: 'commonName', value: dns[0] ?? ip[0] ?? 'test' }])
    certificate.setIssuer(this.#name)
    const altNames = [
      ...dns.map((value) => ({ type: 2, value })),
      ...ip.map((address) => ({ type: 7, ip: address })),
    ]
    certificate.setExtensions([
      { name: 'subjectAltName', altNames },
      ...(use === undefined ? [] : [{ name: 'extKeyUsage', [use]: true }]),
    ])
    certificate.sign(this.#privateKey, md.sha256.create())
    return { certificate: pki.certificateToPem(certificate), privateKey: key.privateKey }
  }
}

function unsigned(publicKey: string, serial: number): forge.pki.Certificate {
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.publicKeyFromPem(publicKey)
  certificate.serialNumber = String(serial).padStart(2, '0')
  certificate.validity.notAfter = new Date(Date.now() + DAY_MS)
  return certificate
}

/** Node's own: forge takes a hundred times as long. */
function makeKey() {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}
