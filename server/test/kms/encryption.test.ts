import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { aliasArnOf, arnOf, bytesOf, from, KmsWorld, textOf } from './kms-world.ts'

const Plaintext = bytesOf('attack at dawn')
const Context = { purpose: 'orders', tenant: '7' }

test('what was encrypted is decrypted, with the context in any order and without naming the key', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const encrypted = await kms.run('Encrypt', { KeyId, Plaintext, EncryptionContext: Context })
  expect(encrypted).toMatchObject({ KeyId: arnOf(KeyId), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
  const { CiphertextBlob } = encrypted
  const { KeyMetadata } = await kms.run('DescribeKey', { KeyId })
  for (const input of [{}, { KeyId }, { KeyId: arnOf(KeyId) }]) {
    const EncryptionContext = { tenant: '7', purpose: 'orders' }
    expect(await kms.run('Decrypt', { CiphertextBlob, EncryptionContext, ...input })).toEqual({
      KeyId: arnOf(KeyId),
      Plaintext,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyMaterialId: KeyMetadata.CurrentKeyMaterialId,
    })
  }
})

test('the plaintext of a ciphertext is not to be seen, and the ciphertext is another each time', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const first = (await kms.run('Encrypt', { KeyId, Plaintext })).CiphertextBlob
  expect(textOf(first)).not.toContain('dawn')
  expect((await kms.run('Encrypt', { KeyId, Plaintext })).CiphertextBlob).not.toEqual(first)
})

test.each([
  ['none', undefined],
  ['less', { purpose: 'orders' }],
  ['more', { ...Context, x: '' }],
  ['another value', { ...Context, tenant: '8' }],
  ['another spelling', { Purpose: 'orders', tenant: '7' }],
])('a context that says something else (%s) opens nothing', async (_, EncryptionContext) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext, EncryptionContext: Context })
  expect(await kms.refusal('Decrypt', { CiphertextBlob, EncryptionContext })).toBe(
    'InvalidCiphertextException: ',
  )
})

test('a ciphertext with any bit changed, or cut anywhere, is invalid', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext })
  const told = new Set<string>()
  for (let bit = 0; bit < CiphertextBlob.length * 8; bit++) {
    const changed = CiphertextBlob.slice()
    changed[bit >>> 3] ^= 1 << (bit & 7)
    told.add(await kms.refusal('Decrypt', { CiphertextBlob: changed }))
  }
  for (let length = 1; length < CiphertextBlob.length; length++) {
    told.add(await kms.refusal('Decrypt', { CiphertextBlob: CiphertextBlob.slice(0, length) }))
  }
  told.add(await kms.refusal('Decrypt', { CiphertextBlob: new Uint8Array([...CiphertextBlob, 0]) }))
  told.add(await kms.refusal('Decrypt', { CiphertextBlob: bytesOf('what another KMS made') }))
  expect([...told]).toEqual(['InvalidCiphertextException: '])
})

test('what a ciphertext says of itself is authenticated, also where somebody put its digest right', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext })
  const forged = Buffer.from(CiphertextBlob)
  const redigest = () =>
    forged.set(createHash('sha256').update(forged.subarray(0, 30)).digest().subarray(0, 4), 30)
  redigest()
  expect(forged).toEqual(Buffer.from(CiphertextBlob))
  // Neither of the kinds that there are, so that it names the same key.
  forged[4] = 2
  redigest()
  expect(await kms.refusal('Decrypt', { CiphertextBlob: forged })).toBe('InvalidCiphertextException: ')
  forged[4] = 0
  forged.writeUInt32BE(2, 26)
  redigest()
  expect(await kms.refusal('Decrypt', { CiphertextBlob: forged })).toBe('InvalidCiphertextException: ')
  await kms.run('RotateKeyOnDemand', { KeyId })
  expect(await kms.refusal('Decrypt', { CiphertextBlob: forged })).toBe('InvalidCiphertextException: ')
})

test('a ciphertext of another key than the one that is named is told as such', async () => {
  const kms = new KmsWorld()
  const [one, other] = [await kms.key(), await kms.key()]
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId: one, Plaintext })
  expect(await kms.refusal('Decrypt', { KeyId: other, CiphertextBlob })).toBe(
    'IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this operation.',
  )
  // A named key that isn't there is missed first.
  const missing = '00000000-0000-4000-8000-000000000000'
  expect(await kms.refusal('Decrypt', { KeyId: missing, CiphertextBlob })).toBe(
    `NotFoundException: Key '${arnOf(missing)}' does not exist`,
  )
})

test('a ciphertext whose key is gone, or in another region or account, is told without saying which', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext })
  const told =
    'AccessDeniedException: The ciphertext refers to a customer master key that does not exist, ' +
    'does not exist in this region, or you are not allowed to access.'
  expect(await kms.refusal('Decrypt', { CiphertextBlob }, from('000000000000', 'us-east-1'))).toBe(told)
  expect(await kms.refusal('Decrypt', { CiphertextBlob }, from('111111111111', 'eu-west-1'))).toBe(told)
  await kms.run('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  expect(await kms.refusal('Decrypt', { CiphertextBlob })).toBe(
    `KMSInvalidStateException: ${arnOf(KeyId)} is pending deletion.`,
  )
  kms.life.wait(7 * 86_400_000)
  expect(await kms.refusal('Decrypt', { CiphertextBlob })).toBe(told)
})

test('a disabled key neither encrypts nor decrypts until it is enabled again', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext })
  await kms.run('DisableKey', { KeyId })
  const told = `DisabledException: ${arnOf(KeyId)} is disabled.`
  expect(await kms.refusal('Encrypt', { KeyId, Plaintext })).toBe(told)
  expect(await kms.refusal('Decrypt', { CiphertextBlob })).toBe(told)
  expect(await kms.refusal('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })).toBe(told)
  await kms.run('EnableKey', { KeyId })
  expect((await kms.run('Decrypt', { CiphertextBlob })).Plaintext).toEqual(Plaintext)
})

test('a key is named by its id, its ARN, its alias and the ARN of that', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('CreateAlias', { AliasName: 'alias/orders', TargetKeyId: KeyId })
  for (const name of [KeyId, arnOf(KeyId), 'alias/orders', aliasArnOf('alias/orders')]) {
    expect((await kms.run('Encrypt', { KeyId: name, Plaintext })).KeyId).toBe(arnOf(KeyId))
    expect((await kms.run('DescribeKey', { KeyId: name })).KeyMetadata.KeyId).toBe(KeyId)
  }
})

test.each([
  ['134f2428cec14b25a1ae9048164dba47', "NotFoundException: Invalid keyId '134f2428cec14b25a1ae9048164dba47'"],
  ['fake-key-id', "NotFoundException: Invalid keyId 'fake-key-id'"],
  ['key_id', "NotFoundException: Invalid keyId 'key_id'"],
  ['mrk-fake-key-id', "NotFoundException: Invalid keyId 'mrk-fake-key-id'"],
  [
    'arn:aws:kms:ap-southeast-1:000000000000:key/00000000-0000-4000-8000-000000000000',
    'NotFoundException: Invalid arn ap-southeast-1',
  ],
  [
    '00000000-0000-4000-8000-000000000000',
    "NotFoundException: Key 'arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-000000000000' does not exist",
  ],
  [
    'mrk-00000000000000000000000000000000',
    "NotFoundException: Key 'arn:aws:kms:eu-west-1:000000000000:key/mrk-00000000000000000000000000000000' does not exist",
  ],
  ['alias/none', 'NotFoundException: Alias arn:aws:kms:eu-west-1:000000000000:alias/none is not found.'],
  [
    'arn:aws:sqs:eu-west-1:000000000000:queue',
    'InvalidArnException: arn:aws:sqs:eu-west-1:000000000000:queue is not a valid ARN.',
  ],
  [
    'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-4000-8000-000000000000',
    'AccessDeniedException: User: arn:aws:iam::000000000000:user/example is not authorized to perform: kms:Encrypt on resource: ' +
      'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-4000-8000-000000000000 because the resource does not exist in this ' +
      'Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
  ],
])('of a key %s a client is told: %s', async (KeyId, told) => {
  expect(await new KmsWorld().refusal('Encrypt', { KeyId, Plaintext })).toBe(told)
})

test('a plaintext that is too long is told without it', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.refusal('Encrypt', { KeyId, Plaintext: new Uint8Array(4097) })).toBe(
    "ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: " +
      'Member must have length less than or equal to 4096',
  )
  const longest = new Uint8Array(4096).fill(5)
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext: longest })
  expect((await kms.run('Decrypt', { CiphertextBlob })).Plaintext).toEqual(longest)
})

test('a context of more than 8192 characters is refused', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const EncryptionContext = { a: 'x'.repeat(8192) }
  expect(await kms.refusal('Encrypt', { KeyId, Plaintext, EncryptionContext })).toContain(
    'ValidationException',
  )
})

test.each([
  ['RSA_2048', 'RSAES_OAEP_SHA_1', 214],
  ['RSA_3072', 'RSAES_OAEP_SHA_1', 342],
  ['RSA_4096', 'RSAES_OAEP_SHA_1', 470],
  ['RSA_2048', 'RSAES_OAEP_SHA_256', 190],
  ['RSA_3072', 'RSAES_OAEP_SHA_256', 318],
  ['RSA_4096', 'RSAES_OAEP_SHA_256', 446],
])('%s with %s encrypts up to %i bytes', async (KeySpec, EncryptionAlgorithm, max) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' })
  const longest = new Uint8Array(max).fill(3)
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, EncryptionAlgorithm, Plaintext: longest })
  expect(await kms.run('Decrypt', { KeyId, EncryptionAlgorithm, CiphertextBlob })).toEqual({
    ...{ KeyId: arnOf(KeyId), Plaintext: longest, EncryptionAlgorithm },
  })
  const tooLong = new Uint8Array(max + 1)
  expect(await kms.refusal('Encrypt', { KeyId, EncryptionAlgorithm, Plaintext: tooLong })).toBe(
    `ValidationException: Algorithm ${EncryptionAlgorithm} and key spec ${KeySpec} cannot encrypt data larger than ${max} bytes.`,
  )
  expect(await kms.refusal('Encrypt', { KeyId, Plaintext: longest })).toBe(
    `InvalidKeyUsageException: Algorithm SYMMETRIC_DEFAULT is incompatible with key spec ${KeySpec}.`,
  )
  CiphertextBlob[9] ^= 1
  expect(await kms.refusal('Decrypt', { KeyId, EncryptionAlgorithm, CiphertextBlob })).toBe(
    'InvalidCiphertextException: ',
  )
  expect(await kms.refusal('Decrypt', { EncryptionAlgorithm, CiphertextBlob })).toContain(
    'A KeyId is required',
  )
})

test('a ciphertext is encrypted anew under another key and context, without its plaintext being told', async () => {
  const kms = new KmsWorld()
  const [one, other] = [await kms.key(), await kms.key()]
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId: one, Plaintext, EncryptionContext: Context })
  const again = await kms.run('ReEncrypt', {
    ...{ CiphertextBlob, DestinationKeyId: other, SourceEncryptionContext: Context },
    DestinationEncryptionContext: { a: 'b' },
  })
  expect(again).toMatchObject({
    ...{ SourceKeyId: arnOf(one), KeyId: arnOf(other), SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
    DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  })
  const blob = again.CiphertextBlob
  expect(await kms.run('Decrypt', { CiphertextBlob: blob, EncryptionContext: { a: 'b' } })).toMatchObject({
    ...{ Plaintext, KeyId: arnOf(other), KeyMaterialId: again.DestinationKeyMaterialId },
  })
  expect(await kms.refusal('ReEncrypt', { CiphertextBlob, DestinationKeyId: other })).toBe(
    'InvalidCiphertextException: ',
  )
  expect(
    await kms.refusal('ReEncrypt', { CiphertextBlob: blob, DestinationKeyId: one, SourceKeyId: one }),
  ).toContain('IncorrectKeyException')
  expect(await kms.refusal('ReEncrypt', { DestinationKeyId: one })).toContain(
    "Value null at 'ciphertextBlob'",
  )
})

test('from a pair of keys to a symmetric one', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
  const SourceEncryptionAlgorithm = 'RSAES_OAEP_SHA_256'
  const { CiphertextBlob } = await kms.run('Encrypt', {
    ...{ KeyId, Plaintext, EncryptionAlgorithm: SourceEncryptionAlgorithm },
  })
  const again = await kms.run('ReEncrypt', {
    ...{ CiphertextBlob, SourceKeyId: KeyId, SourceEncryptionAlgorithm, DestinationKeyId: await kms.key() },
  })
  expect(again.SourceKeyMaterialId).toBeUndefined()
  expect((await kms.run('Decrypt', { CiphertextBlob: again.CiphertextBlob })).Plaintext).toEqual(Plaintext)
})

test.each([
  [{ KeySpec: 'AES_256' }, 32],
  [{ KeySpec: 'AES_128' }, 16],
  [{ NumberOfBytes: 1 }, 1],
  [{ NumberOfBytes: 1024 }, 1024],
])('a data key of %j has %i bytes, and is in its ciphertext', async (input, length) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const made = await kms.run('GenerateDataKey', { KeyId, EncryptionContext: Context, ...input })
  expect(made.Plaintext).toHaveLength(length)
  const { CiphertextBlob, Plaintext: secret } = made
  expect(await kms.run('Decrypt', { CiphertextBlob, EncryptionContext: Context })).toMatchObject({
    ...{ Plaintext: secret, KeyMaterialId: made.KeyMaterialId },
  })
  const hidden = await kms.run('GenerateDataKeyWithoutPlaintext', { KeyId, ...input })
  expect(hidden).not.toHaveProperty('Plaintext')
  const opened = await kms.run('Decrypt', { CiphertextBlob: hidden.CiphertextBlob })
  expect(opened.Plaintext).toHaveLength(length)
})

test.each([{}, { KeySpec: 'AES_256', NumberOfBytes: 32 }])('a data key of %j is refused', async (input) => {
  const kms = new KmsWorld()
  expect(await kms.refusal('GenerateDataKey', { KeyId: await kms.key(), ...input })).toBe(
    'ValidationException: Please specify either number of bytes or key spec.',
  )
})

test.each([
  'RSA_2048',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
])('a data key pair of %s is in its ciphertext', async (KeyPairSpec) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const made = await kms.run('GenerateDataKeyPair', { KeyId, KeyPairSpec, EncryptionContext: Context })
  const opened = await kms.run('Decrypt', {
    ...{ CiphertextBlob: made.PrivateKeyCiphertextBlob, EncryptionContext: Context },
  })
  expect(opened.Plaintext).toEqual(made.PrivateKeyPlaintext)
  expect(made.PublicKey.length).toBeGreaterThan(32)
  const hidden = await kms.run('GenerateDataKeyPairWithoutPlaintext', { KeyId, KeyPairSpec })
  expect(Object.keys(hidden).sort()).toEqual([
    ...['KeyId', 'KeyMaterialId', 'KeyPairSpec', 'PrivateKeyCiphertextBlob', 'PublicKey'],
  ])
})

test('data keys come from symmetric keys for encryption alone', async () => {
  const kms = new KmsWorld()
  const pair = await kms.key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
  expect(await kms.refusal('GenerateDataKey', { KeyId: pair, KeySpec: 'AES_256' })).toBe(
    `InvalidKeyUsageException: ${arnOf(pair)} key spec is RSA_2048 which is not valid for GenerateDataKey.`,
  )
  const mac = await kms.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  expect(await kms.refusal('GenerateDataKey', { KeyId: mac, KeySpec: 'AES_256' })).toBe(
    `InvalidKeyUsageException: ${arnOf(mac)} key usage is GENERATE_VERIFY_MAC which is not valid for GenerateDataKey.`,
  )
})

test('a dry run says that it would have succeeded, or why not, and does nothing', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext })
  const DryRun = true
  const told = 'DryRunOperationException: The request would have succeeded, but the DryRun option is set.'
  expect(await kms.refusal('Encrypt', { KeyId, Plaintext, DryRun })).toBe(told)
  expect(await kms.refusal('Decrypt', { CiphertextBlob, DryRun })).toBe(told)
  expect(await kms.refusal('Decrypt', { CiphertextBlob, DryRun, EncryptionContext: Context })).toBe(
    'InvalidCiphertextException: ',
  )
  const DryRunModifiers = ['IGNORE_CIPHERTEXT']
  expect(await kms.refusal('Decrypt', { KeyId, DryRun, DryRunModifiers })).toBe(told)
  expect(await kms.refusal('Decrypt', { DryRun, DryRunModifiers })).toContain("Value null at 'keyId'")
  expect(await kms.refusal('Decrypt', { KeyId, DryRunModifiers })).toContain("Value null at 'ciphertextBlob'")
  expect(
    await kms.refusal('ReEncrypt', { SourceKeyId: KeyId, DestinationKeyId: KeyId, DryRun, DryRunModifiers }),
  ).toBe(told)
  await kms.run('DisableKey', { KeyId })
  expect(await kms.refusal('Encrypt', { KeyId, Plaintext, DryRun })).toContain('DisabledException')
})

test.each(['Decrypt', 'GenerateDataKey', 'GenerateDataKeyPair', 'DeriveSharedSecret', 'GenerateRandom'])(
  '%s for an enclave is refused clearly',
  async (name) => {
    const kms = new KmsWorld()
    const input = {
      ...{ KeyId: await kms.key(), Recipient: { AttestationDocument: bytesOf('x') } },
      ...{ CiphertextBlob: Plaintext, KeyPairSpec: 'RSA_2048', NumberOfBytes: 32 },
      ...{ KeyAgreementAlgorithm: 'ECDH', PublicKey: Plaintext },
    }
    expect(await kms.refusal(name, input)).toBe(
      'UnsupportedOperationException: Recipient is not supported: there are no enclaves here.',
    )
  },
)

test('a key whose material another root key sealed is not available, and that is reported', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const other = new KmsWorld(kms.life, 'another root secret')
  expect(await other.refusal('Encrypt', { KeyId, Plaintext })).toBe(
    'KeyUnavailableException: The material of the key is not available.',
  )
  expect(other.reported).toHaveLength(1)
  expect(other.reported[0]!.message).toContain('it was sealed under another key')
})

test('another front, which has nothing opened yet, decrypts as well', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext })
  const other = new KmsWorld(kms.life, 'root secret', 2)
  expect((await other.run('Decrypt', { CiphertextBlob })).Plaintext).toEqual(Plaintext)
})

test('no material goes to the cell as it is', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { cryptography, sealer } = kms.ports
  const made: Uint8Array[] = []
  const used: Uint8Array[] = []
  const original = cryptography.makeMaterial.bind(cryptography)
  cryptography.makeMaterial = async (spec) => {
    const material = await original(spec)
    made.push(material.slice())
    used.push(material)
    return material
  }
  const signer = await kms.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  await kms.run('RotateKeyOnDemand', { KeyId })
  expect(made).toHaveLength(2)
  // Nor is it left in memory, once it is sealed.
  for (const material of used) expect(material.every((byte) => byte === 0)).toBe(true)
  const journal = kms.life.log.map((events) => Buffer.from(events))
  for (const material of made) {
    for (const events of journal) expect(events.includes(Buffer.from(material))).toBe(false)
  }
  const { id, sealed } = kms.life.view(signer).materials[0]!
  expect(sealer.open(sealed, `material ${id} of ${arnOf(signer)}`)).toEqual(made[0])
})
