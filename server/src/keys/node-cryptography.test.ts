import { Buffer } from 'node:buffer'
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto'
import { expect, test } from 'vitest'
import { SeededRandom } from '../base/random.ts'
import { rsaPlaintextMax } from '../services/kms/cryptography.ts'
import {
  algorithmsOf,
  digestBitsOf,
  isPairSpec,
  type KeySpec,
  type PairSpec,
} from '../services/kms/key-specs.ts'
import { NodeCryptography } from './node-cryptography.ts'

const cryptography = new NodeCryptography(new SeededRandom(1))
const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const MESSAGE = bytes('a message that is to be signed')

const materials = new Map<KeySpec, Promise<Uint8Array>>()

async function keyOf(spec: KeySpec) {
  const material = materials.get(spec) ?? cryptography.makeMaterial(spec)
  materials.set(spec, material)
  return cryptography.load(spec, await material)
}

function publicKeyOf(pair: object) {
  return createPublicKey({ key: Buffer.from(cryptography.publicKeyOf(pair)), type: 'spki', format: 'der' })
}

const SIGNING: readonly PairSpec[] = [
  ...(['RSA_2048', 'RSA_3072', 'RSA_4096'] as const),
  ...([
    'ECC_NIST_P256',
    'ECC_NIST_P384',
    'ECC_NIST_P521',
    'ECC_SECG_P256K1',
    'ECC_NIST_EDWARDS25519',
  ] as const),
]
const ALGORITHMS = SIGNING.flatMap((spec) =>
  algorithmsOf(spec, 'SIGN_VERIFY').map((algorithm) => [spec, algorithm] as const),
)
const HASHED = ALGORITHMS.filter(([, algorithm]) => !algorithm.startsWith('ED25519'))

/** As anyone else verifies it: with OpenSSL, and the message. */
function verifiedElsewhere(pair: object, algorithm: string, signature: Uint8Array): boolean {
  const pss = algorithm.includes('PSS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {}
  const hash = algorithm.startsWith('ED25519') ? null : `sha${digestBitsOf(algorithm)}`
  return verify(hash, MESSAGE, { key: publicKeyOf(pair), ...pss }, signature)
}

const digestFor = (algorithm: string) =>
  new Uint8Array(
    createHash(`sha${digestBitsOf(algorithm)}`)
      .update(MESSAGE)
      .digest(),
  )

test.each(HASHED)(
  '%s: %s of a message and of its digest are the same kind of signature',
  async (spec, algorithm) => {
    const key = await keyOf(spec)
    const digest = digestFor(algorithm)
    const ofMessage = await cryptography.sign(key, algorithm, MESSAGE, false)
    const ofDigest = await cryptography.sign(key, algorithm, digest, true)
    for (const signature of [ofMessage, ofDigest]) {
      expect(verifiedElsewhere(key, algorithm, signature)).toBe(true)
      expect(await cryptography.verify(key, algorithm, MESSAGE, false, signature)).toBe(true)
      expect(await cryptography.verify(key, algorithm, digest, true, signature)).toBe(true)
    }
  },
)

test.each(HASHED)('%s: %s refuses other digests and what is no signature', async (spec, algorithm) => {
  const key = await keyOf(spec)
  const digest = digestFor(algorithm)
  const signature = await cryptography.sign(key, algorithm, digest, true)
  const other = digest.slice()
  other[0]! ^= 1
  expect(await cryptography.verify(key, algorithm, other, true, signature)).toBe(false)
  const wrong = signature.slice()
  wrong[wrong.length - 1]! ^= 1
  for (const bad of [
    wrong,
    signature.subarray(1),
    new Uint8Array(0),
    new Uint8Array(7),
    new Uint8Array(600).fill(255),
  ]) {
    expect(await cryptography.verify(key, algorithm, digest, true, bad)).toBe(false)
    expect(await cryptography.verify(key, algorithm, MESSAGE, false, bad)).toBe(false)
  }
})

test('a signature of PSS with a salt of another length is refused', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const material = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))
  const key = cryptography.load('RSA_2048', material)
  const padding = constants.RSA_PKCS1_PSS_PADDING
  for (const saltLength of [0, 20, 64]) {
    const signature = sign('sha256', MESSAGE, { key: privateKey, padding, saltLength })
    expect(verify('sha256', MESSAGE, { key: publicKey, padding, saltLength }, signature)).toBe(true)
    const algorithm = 'RSASSA_PSS_SHA_256'
    expect(await cryptography.verify(key, algorithm, digestFor(algorithm), true, signature)).toBe(false)
    expect(await cryptography.verify(key, algorithm, MESSAGE, false, signature)).toBe(false)
  }
})

test('a signature of PKCS #1 is none of PSS, and the other way round', async () => {
  const key = await keyOf('RSA_2048')
  const [pkcs1, pss] = ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'] as const
  const digest = digestFor(pss)
  const one = await cryptography.sign(key, pkcs1, digest, true)
  const other = await cryptography.sign(key, pss, digest, true)
  expect(await cryptography.verify(key, pss, digest, true, one)).toBe(false)
  expect(await cryptography.verify(key, pkcs1, digest, true, other)).toBe(false)
})

test('Ed25519 signs a message, and with Ed25519ph what is hashed once more', async () => {
  const key = await keyOf('ECC_NIST_EDWARDS25519')
  const plain = await cryptography.sign(key, 'ED25519_SHA_512', MESSAGE, false)
  expect(verifiedElsewhere(key, 'ED25519_SHA_512', plain)).toBe(true)
  const digest = new Uint8Array(createHash('sha512').update(MESSAGE).digest())
  const prehashed = await cryptography.sign(key, 'ED25519_PH_SHA_512', digest, true)
  expect(await cryptography.verify(key, 'ED25519_PH_SHA_512', digest, true, prehashed)).toBe(true)
  expect(await cryptography.verify(key, 'ED25519_PH_SHA_512', digest, true, plain)).toBe(false)
  expect(await cryptography.verify(key, 'ED25519_PH_SHA_512', digest, true, new Uint8Array(3))).toBe(false)
})

test("Ed25519ph gives the signature of RFC 8032's example", async () => {
  const seed = '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42'
  const pkcs8 = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(seed, 'hex'),
  ])
  const key = cryptography.load('ECC_NIST_EDWARDS25519', new Uint8Array(pkcs8))
  const signature = await cryptography.sign(key, 'ED25519_PH_SHA_512', bytes('abc'), true)
  expect(Buffer.from(signature).toString('hex')).toBe(
    '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41' +
      '31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
  )
})

test.each(['RSA_2048', 'RSA_3072', 'RSA_4096'] as const)(
  '%s encrypts up to its limit, and not more',
  async (spec) => {
    const key = await keyOf(spec)
    for (const algorithm of algorithmsOf(spec, 'ENCRYPT_DECRYPT')) {
      const longest = new Uint8Array(rsaPlaintextMax(spec, algorithm)).fill(9)
      const ciphertext = cryptography.encrypt(key, algorithm, longest)
      expect(cryptography.decrypt(key, algorithm, ciphertext)).toEqual(longest)
      expect(() => cryptography.encrypt(key, algorithm, new Uint8Array(longest.length + 1))).toThrow()
      ciphertext[5]! ^= 1
      expect(cryptography.decrypt(key, algorithm, ciphertext)).toBeNull()
      expect(cryptography.decrypt(key, algorithm, new Uint8Array(3))).toBeNull()
    }
  },
)

test('a symmetric key seals each message otherwise, and opens what was not changed', async () => {
  const key = await keyOf('SYMMETRIC_DEFAULT')
  const associated = bytes('header')
  const sealed = cryptography.seal(key, MESSAGE, associated)
  expect(cryptography.seal(key, MESSAGE, associated)).not.toEqual(sealed)
  expect(cryptography.open(key, sealed, associated)).toEqual(MESSAGE)
  expect(cryptography.open(key, sealed, bytes('Header'))).toBeNull()
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = sealed.slice()
    changed[bit >>> 3]! ^= 1 << (bit & 7)
    expect(cryptography.open(key, changed, associated)).toBeNull()
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(cryptography.open(key, sealed.subarray(0, length), associated)).toBeNull()
  }
  const another = cryptography.load('SYMMETRIC_DEFAULT', new Uint8Array(32))
  expect(cryptography.open(another, sealed, associated)).toBeNull()
})

test.each([
  ['HMAC_224', 28],
  ['HMAC_256', 32],
  ['HMAC_384', 48],
  ['HMAC_512', 64],
] as const)('%s makes MACs as long as its keys: %i bytes', async (spec, length) => {
  expect(await cryptography.makeMaterial(spec)).toHaveLength(length)
  expect(cryptography.mac(await keyOf(spec), spec, MESSAGE)).toHaveLength(length)
})

test("an HMAC is that of RFC 4231's second example", () => {
  const key = cryptography.load('HMAC_256', bytes('Jefe'))
  const mac = cryptography.mac(key, 'HMAC_256', bytes('what do ya want for nothing?'))
  expect(Buffer.from(mac).toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test.each(['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const)(
  '%s agrees on a secret with a key of the same curve alone',
  async (spec) => {
    const ours = await keyOf(spec)
    const theirs = await cryptography.makeMaterial(spec)
    const secret = cryptography.agree(ours, spec, cryptography.publicKeyOf(cryptography.load(spec, theirs)))
    const privateKey = createPrivateKey({ key: Buffer.from(theirs), type: 'pkcs8', format: 'der' })
    expect(secret).toEqual(new Uint8Array(diffieHellman({ privateKey, publicKey: publicKeyOf(ours) })))
    const otherCurve = await keyOf('ECC_SECG_P256K1')
    for (const bad of [cryptography.publicKeyOf(otherCurve), bytes('no key'), new Uint8Array(0)]) {
      expect(cryptography.agree(ours, spec, bad)).toBeNull()
    }
  },
)

test('every kind of pair is one', async () => {
  for (const spec of SIGNING) {
    expect(isPairSpec(spec)).toBe(true)
    expect(publicKeyOf(await keyOf(spec)).asymmetricKeyType).toMatch(/^(rsa|ec|ed25519)$/)
  }
})
