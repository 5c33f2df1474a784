import { Buffer } from 'node:buffer'
import {
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  verify,
} from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeriveSharedSecretCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListGrantsCommand,
  ListResourceTagsCommand,
  paginateListAliases,
  paginateListKeys,
  ReEncryptCommand,
  RetireGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { errorOf } from './error-of.ts'
import { TEST_REGION } from './test-topics.ts'

let server: ServerProcess
let kms: KMSClient
beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  kms = clientOf(server)
})
afterAll(async () => {
  kms.destroy()
  await server.destroy()
})

function clientOf({ url: endpoint }: ServerProcess, region = TEST_REGION): KMSClient {
  return new KMSClient({ endpoint, region, credentials: TEST_KEY })
}

async function newKey(input: CreateKeyCommandInput = {}): Promise<string> {
  return (await kms.send(new CreateKeyCommand(input))).KeyMetadata!.KeyId!
}

const Plaintext = Buffer.from('two tons of flour')
const EncryptionContext = { tenant: '7', purpose: 'orders' }

test('what the SDK encrypts it decrypts, under the context alone', async () => {
  const KeyId = await newKey()
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))
  const decrypted = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
  expect(Buffer.from(decrypted.Plaintext!)).toEqual(Plaintext)
  expect(await errorOf(kms.send(new DecryptCommand({ CiphertextBlob })))).toMatchObject({
    name: 'InvalidCiphertextException',
  })
  const DestinationKeyId = await newKey()
  const again = await kms.send(
    new ReEncryptCommand({ CiphertextBlob, DestinationKeyId, SourceEncryptionContext: EncryptionContext }),
  )
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob: again.CiphertextBlob }))
  expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext)
})

test('keys, aliases, grants and tags are there after a crash, and open what was encrypted before', async () => {
  const KeyId = await newKey({ Description: 'kept', Tags: [{ TagKey: 'a', TagValue: 'b' }] })
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/kept', TargetKeyId: KeyId }))
  await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
  const before = await kms.send(new EncryptCommand({ KeyId: 'alias/kept', Plaintext }))
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }))
  const after = await kms.send(new EncryptCommand({ KeyId: 'alias/kept', Plaintext }))
  const GranteePrincipal = 'arn:aws:iam::000000000000:user/a'
  const grant = await kms.send(new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ['Encrypt'] }))
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }))
  await server.kill()
  await server.start()
  for (const { CiphertextBlob } of [before, after]) {
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob }))
    expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext)
  }
  expect((await kms.send(new DescribeKeyCommand({ KeyId: 'alias/kept' }))).KeyMetadata).toEqual(KeyMetadata)
  const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId }))
  expect(Tags).toEqual([{ TagKey: 'a', TagValue: 'b' }])
  const { GrantToken, GrantId } = grant
  expect((await kms.send(new ListGrantsCommand({ KeyId }))).Grants).toMatchObject([{ GrantId }])
  await kms.send(new RetireGrantCommand({ GrantToken }))
  expect((await kms.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([])
  const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId }))
  expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 })
  expect(status.NextRotationDate!.getTime()).toBeGreaterThan(Date.now() + 89 * 86_400_000)
})

test('a signature verifies here and with OpenSSL', async () => {
  const Message = Plaintext
  const digest = createHash('sha256').update(Message).digest()
  for (const [KeySpec, SigningAlgorithm] of [
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
  ] as const) {
    const KeyId = await newKey({ KeySpec, KeyUsage: 'SIGN_VERIFY' })
    const signed = { KeyId, SigningAlgorithm, Message: digest, MessageType: 'DIGEST' } as const
    const { Signature } = await kms.send(new SignCommand(signed))
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }))
    const key = createPublicKey({ key: Buffer.from(PublicKey!), type: 'spki', format: 'der' })
    expect(verify('sha256', Message, key, Signature!)).toBe(true)
    const raw = { KeyId, SigningAlgorithm, Message, Signature }
    expect((await kms.send(new VerifyCommand(raw))).SignatureValid).toBe(true)
    const other = { ...raw, Message: Buffer.from('three tons') }
    expect(await errorOf(kms.send(new VerifyCommand(other)))).toMatchObject({
      name: 'KMSInvalidSignatureException',
    })
  }
})

test('a secret is agreed on with somebody who has keys of their own', async () => {
  const KeyId = await newKey({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'KEY_AGREEMENT' })
  const theirs = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
  const PublicKey = theirs.publicKey.export({ type: 'spki', format: 'der' })
  const derived = await kms.send(
    new DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey }),
  )
  const shown = await kms.send(new GetPublicKeyCommand({ KeyId }))
  const publicKey = createPublicKey({ key: Buffer.from(shown.PublicKey!), type: 'spki', format: 'der' })
  const secret = diffieHellman({ privateKey: theirs.privateKey, publicKey })
  expect(Buffer.from(derived.SharedSecret!)).toEqual(secret)
})

test('MACs, random bytes and pairs come as the SDK reads them', async () => {
  const KeyId = await newKey({ KeySpec: 'HMAC_512', KeyUsage: 'GENERATE_VERIFY_MAC' })
  const asked = { KeyId, Message: Plaintext, MacAlgorithm: 'HMAC_SHA_512' } as const
  const { Mac } = await kms.send(new GenerateMacCommand(asked))
  expect((await kms.send(new VerifyMacCommand({ ...asked, Mac }))).MacValid).toBe(true)
  expect((await kms.send(new GenerateRandomCommand({ NumberOfBytes: 5 }))).Plaintext).toHaveLength(5)
  const symmetric = await newKey()
  const pair = await kms.send(
    new GenerateDataKeyPairCommand({ KeyId: symmetric, KeyPairSpec: 'ECC_NIST_P256' }),
  )
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob: pair.PrivateKeyCiphertextBlob }))
  expect(opened.Plaintext).toEqual(pair.PrivateKeyPlaintext)
})

test('errors have the names and words of AWS', async () => {
  const KeyId = await newKey()
  await kms.send(new DisableKeyCommand({ KeyId }))
  const Arn = `arn:aws:kms:${TEST_REGION}:000000000000:key/${KeyId}`
  expect(await errorOf(kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })))).toMatchObject({
    ...{ name: 'DisabledException', message: `${Arn} is disabled.` },
  })
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  expect(await errorOf(kms.send(new TagResourceCommand({ KeyId, Tags: [] })))).toMatchObject({
    ...{ name: 'KMSInvalidStateException', message: `${Arn} is pending deletion.` },
  })
  expect(
    await errorOf(kms.send(new EncryptCommand({ KeyId: Arn, Plaintext: new Uint8Array(5000) }))),
  ).toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: " +
      'Member must have length less than or equal to 4096',
  })
  const elsewhere = clientOf(server, 'us-west-2')
  expect(await errorOf(elsewhere.send(new DescribeKeyCommand({ KeyId })))).toMatchObject({
    name: 'NotFoundException',
  })
  elsewhere.destroy()
})

test('lists are walked through by the paginators of the SDK', async () => {
  const made = new Set<string>()
  for (let i = 0; i < 7; i++) {
    const KeyId = await newKey()
    made.add(KeyId)
    await kms.send(new CreateAliasCommand({ AliasName: `alias/walk/${i}`, TargetKeyId: KeyId }))
  }
  for await (const { Keys } of paginateListKeys({ client: kms, pageSize: 3 }, {})) {
    for (const { KeyId } of Keys!) made.delete(KeyId!)
  }
  expect(made.size).toBe(0)
  const aliases: string[] = []
  for await (const { Aliases } of paginateListAliases({ client: kms, pageSize: 3 }, {})) {
    aliases.push(...Aliases!.map(({ AliasName }) => AliasName!))
  }
  expect(aliases.filter((name) => name.startsWith('alias/walk/'))).toHaveLength(7)
})

test("a service's own key is there for its account, and is not for clients", async () => {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/sqs' }))
  expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', KeyState: 'Enabled' })
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId: KeyMetadata!.KeyId! }))
  expect(Policy).toContain(`sqs.${TEST_REGION}.amazonaws.com`)
  expect(await errorOf(kms.send(new EncryptCommand({ KeyId: 'alias/aws/sqs', Plaintext })))).toMatchObject({
    name: 'AccessDeniedException',
  })
})

test('the journal does not have material as it is', async () => {
  // A MAC is made with the key alone: who finds that in the directory has it.
  const KeyId = await newKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  const asked = { KeyId, Message: Plaintext, MacAlgorithm: 'HMAC_SHA_256' } as const
  const { Mac } = await kms.send(new GenerateMacCommand(asked))
  expect(await findMaterial(server.dataDirectory, Plaintext, Buffer.from(Mac!))).toBe(false)
})

/** Whether any 32 bytes of any file of a directory are a key that makes this MAC. */
async function findMaterial(directory: string, message: Buffer, mac: Buffer): Promise<boolean> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const content = await readFile(join(entry.parentPath, entry.name))
    // What was never written to has nothing but zeros.
    const written = content.subarray(0, content.findLastIndex((byte) => byte !== 0) + 1)
    for (let at = 0; at + 32 <= written.length; at++) {
      const key = written.subarray(at, at + 32)
      if (createHmac('sha256', key).update(message).digest().equals(mac)) return true
    }
  }
  return false
}
