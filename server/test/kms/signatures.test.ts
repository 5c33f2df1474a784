import { Buffer } from 'node:buffer'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { algorithmsOf, digestBitsOf, type PairSpec } from '../../src/services/kms/key-specs.ts'
import { arnOf, bytesOf, KmsWorld } from './kms-world.ts'

const Message = bytesOf('pay 100 to Bob')
const SPECS: readonly PairSpec[] = [
  ...(['RSA_2048', 'RSA_3072', 'RSA_4096', 'ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const),
  ...(['ECC_SECG_P256K1'] as const),
]
const digestOf = (algorithm: string) =>
  new Uint8Array(
    createHash(`sha${digestBitsOf(algorithm)}`)
      .update(Message)
      .digest(),
  )

test.each(SPECS)('%s signs messages and digests that verify here and elsewhere', async (KeySpec) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec, KeyUsage: 'SIGN_VERIFY' })
  const shown = await kms.run('GetPublicKey', { KeyId })
  const SigningAlgorithms = algorithmsOf(KeySpec, 'SIGN_VERIFY')
  expect(shown).toMatchObject({ KeyId: arnOf(KeyId), KeySpec, KeyUsage: 'SIGN_VERIFY', SigningAlgorithms })
  const publicKey = createPublicKey({ key: Buffer.from(shown.PublicKey), type: 'spki', format: 'der' })
  for (const SigningAlgorithm of SigningAlgorithms) {
    const signed = await kms.run('Sign', { KeyId, Message, SigningAlgorithm })
    expect(signed).toMatchObject({ KeyId: arnOf(KeyId), SigningAlgorithm })
    const { Signature } = signed
    if (!SigningAlgorithm.includes('PSS')) {
      expect(verify(`sha${digestBitsOf(SigningAlgorithm)}`, Message, publicKey, Signature)).toBe(true)
    }
    const digest = { KeyId, SigningAlgorithm, Message: digestOf(SigningAlgorithm), MessageType: 'DIGEST' }
    expect(await kms.run('Verify', { ...digest, Signature })).toEqual({
      ...{ KeyId: arnOf(KeyId), SignatureValid: true, SigningAlgorithm },
    })
    const ofDigest = (await kms.run('Sign', digest)).Signature
    const raw = { KeyId, Message, SigningAlgorithm }
    expect((await kms.run('Verify', { ...raw, Signature: ofDigest })).SignatureValid).toBe(true)
    const other = { ...raw, Message: bytesOf('pay 900 to Bob'), Signature }
    expect(await kms.refusal('Verify', other)).toBe('KMSInvalidSignatureException: ')
    expect(await kms.refusal('Verify', { ...digest, Signature: Message })).toBe(
      'KMSInvalidSignatureException: ',
    )
    expect(await kms.refusal('Sign', { ...digest, Message })).toBe(
      `ValidationException: Digest is invalid length for algorithm ${SigningAlgorithm}.`,
    )
  }
})

test('Ed25519 takes messages, and its other algorithm digests', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' })
  const digest = new Uint8Array(createHash('sha512').update(Message).digest())
  for (const [SigningAlgorithm, MessageType, signed] of [
    ['ED25519_SHA_512', 'RAW', Message],
    ['ED25519_PH_SHA_512', 'DIGEST', digest],
  ] as const) {
    const input = { KeyId, SigningAlgorithm, MessageType, Message: signed }
    const { Signature } = await kms.run('Sign', input)
    expect((await kms.run('Verify', { ...input, Signature })).SignatureValid).toBe(true)
    const wrongType = MessageType === 'RAW' ? 'DIGEST' : 'RAW'
    expect(await kms.refusal('Sign', { ...input, MessageType: wrongType })).toBe(
      `ValidationException: MessageType ${wrongType} is not valid for algorithm ${SigningAlgorithm}.`,
    )
  }
})

test('an algorithm that the key has not is refused', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  expect(await kms.refusal('Sign', { KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_384' })).toBe(
    'InvalidKeyUsageException: Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.',
  )
  const external = { KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_256', MessageType: 'EXTERNAL_MU' }
  expect(await kms.refusal('Sign', external)).toContain('InvalidKeyUsageException')
})

test.each([
  ['HMAC_224', 28],
  ['HMAC_256', 32],
  ['HMAC_384', 48],
  ['HMAC_512', 64],
])('%s makes MACs of %i bytes, and tells right ones from wrong ones', async (KeySpec, length) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' })
  const MacAlgorithm = KeySpec.replace('HMAC', 'HMAC_SHA')
  const { Mac } = await kms.run('GenerateMac', { KeyId, Message, MacAlgorithm })
  expect(Mac).toHaveLength(length)
  expect(await kms.run('VerifyMac', { KeyId, Message, MacAlgorithm, Mac })).toEqual({
    ...{ KeyId: arnOf(KeyId), MacValid: true, MacAlgorithm },
  })
  const wrong = Mac.slice()
  wrong[0] ^= 1
  for (const bad of [wrong, Mac.slice(1), bytesOf('x')]) {
    expect(await kms.refusal('VerifyMac', { KeyId, Message, MacAlgorithm, Mac: bad })).toBe(
      'KMSInvalidMacException: ',
    )
  }
})

test.each([
  ['HMAC_224', 'HMAC_SHA_256'],
  ['HMAC_256', 'HMAC_SHA_512'],
])('%s does not make MACs with %s', async (KeySpec, MacAlgorithm) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' })
  expect(await kms.refusal('GenerateMac', { KeyId, Message, MacAlgorithm })).toBe(
    `InvalidKeyUsageException: Algorithm ${MacAlgorithm} is incompatible with key spec ${KeySpec}.`,
  )
})

test.each(['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'])(
  'two keys of %s agree on a secret',
  async (KeySpec) => {
    const kms = new KmsWorld()
    const input = { KeySpec, KeyUsage: 'KEY_AGREEMENT' }
    const [one, other] = [await kms.key(input), await kms.key(input)]
    const publicKeyOf = async (KeyId: string) => (await kms.run('GetPublicKey', { KeyId })).PublicKey
    const KeyAgreementAlgorithm = 'ECDH'
    const first = await kms.run('DeriveSharedSecret', {
      ...{ KeyId: one, KeyAgreementAlgorithm, PublicKey: await publicKeyOf(other) },
    })
    const second = await kms.run('DeriveSharedSecret', {
      ...{ KeyId: other, KeyAgreementAlgorithm, PublicKey: await publicKeyOf(one) },
    })
    expect(first).toEqual({ ...second, KeyId: arnOf(one) })
    expect(first).toMatchObject({ KeyAgreementAlgorithm, KeyOrigin: 'AWS_KMS' })
    expect(
      await kms.refusal('DeriveSharedSecret', { KeyId: one, KeyAgreementAlgorithm, PublicKey: Message }),
    ).toBe(`ValidationException: PublicKey is not a valid public key of the key spec ${KeySpec}.`)
  },
)

test.each([
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'DeriveSharedSecret'],
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'GenerateMac'],
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'Verify'],
  ['HMAC_256', 'GENERATE_VERIFY_MAC', 'Sign'],
  ['ECC_NIST_P256', 'SIGN_VERIFY', 'DeriveSharedSecret'],
  ['ECC_NIST_P256', 'SIGN_VERIFY', 'Encrypt'],
])('a key of %s for %s is not valid for %s', async (KeySpec, KeyUsage, name) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec, KeyUsage })
  const input = {
    ...{ KeyId, Message, Plaintext: Message, Signature: Message, PublicKey: Message },
    ...{ KeyAgreementAlgorithm: 'ECDH', MacAlgorithm: 'HMAC_SHA_256', SigningAlgorithm: 'ECDSA_SHA_256' },
  }
  expect(await kms.refusal(name, input)).toBe(
    `InvalidKeyUsageException: ${arnOf(KeyId)} key usage is ${KeyUsage} which is not valid for ${name}.`,
  )
})

test('what is no pair has no public key', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.refusal('GetPublicKey', { KeyId })).toContain('UnsupportedOperationException')
})

test('random bytes are as many as were asked for', async () => {
  const kms = new KmsWorld()
  expect((await kms.run('GenerateRandom', { NumberOfBytes: 1024 })).Plaintext).toHaveLength(1024)
  expect(await kms.refusal('GenerateRandom')).toBe('ValidationException: NumberOfBytes is required.')
  for (const [NumberOfBytes, constraint] of [
    [0, 'greater than or equal to 1'],
    [1025, 'less than or equal to 1024'],
  ] as const) {
    expect(await kms.refusal('GenerateRandom', { NumberOfBytes })).toBe(
      `ValidationException: 1 validation error detected: Value '${NumberOfBytes}' at 'numberOfBytes' failed to satisfy ` +
        `constraint: Member must have value ${constraint}`,
    )
  }
  expect(await kms.refusal('GenerateRandom', { NumberOfBytes: 1, CustomKeyStoreId: 'cks-1' })).toContain(
    'CustomKeyStoreNotFoundException',
  )
})
