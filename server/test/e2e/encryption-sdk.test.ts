import { Buffer } from 'node:buffer'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildClient, CommitmentPolicy, getClient, KMS, KmsKeyringNode } from '@aws-crypto/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { errorOf } from './error-of.ts'
import { TEST_REGION } from './test-topics.ts'

/** The AWS Encryption SDK as users have it, and the program of docs/guides/encryption-sdk.md: needs a build. */
const GUIDE = fileURLToPath(new URL('../../../docs/guides/encryption-sdk.md', import.meta.url))
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))
const run = promisify(execFile)

const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)

let server: ServerProcess
let kms: KMS
beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  kms = new KMS({ endpoint: server.url, region: TEST_REGION, credentials: TEST_KEY })
})
afterAll(async () => {
  kms.destroy()
  await server.destroy()
})

/** The types of the SDK do not go with optional members that are exact. */
const KmsClass = KMS as unknown as Parameters<typeof getClient>[0]
const clientProvider = () => getClient(KmsClass, { endpoint: server.url, credentials: TEST_KEY })

async function newKeyArn(): Promise<string> {
  return (await kms.createKey({})).KeyMetadata!.Arn!
}

const encryptionContext = { purpose: 'orders' }

test('a message is encrypted under two keys, and each of them opens it', async () => {
  const [generatorKeyId, keyId] = [await newKeyArn(), await newKeyArn()]
  const both = new KmsKeyringNode({ generatorKeyId, keyIds: [keyId], clientProvider: clientProvider() })
  const message = Buffer.alloc(100_000, 'flour ')
  const { result } = await encrypt(both, message, { encryptionContext })
  for (const each of [generatorKeyId, keyId]) {
    const one = new KmsKeyringNode({ keyIds: [each], clientProvider: clientProvider() })
    const { plaintext, messageHeader } = await decrypt(one, result)
    expect(plaintext.equals(message)).toBe(true)
    expect(messageHeader.encryptionContext).toMatchObject(encryptionContext)
  }
  const stranger = new KmsKeyringNode({ keyIds: [await newKeyArn()], clientProvider: clientProvider() })
  expect(await errorOf(decrypt(stranger, result))).toMatchObject({ name: 'Error' })
})

test('whoever may use any key of the account opens it without naming one', async () => {
  const keyring = new KmsKeyringNode({ generatorKeyId: await newKeyArn(), clientProvider: clientProvider() })
  const { result } = await encrypt(keyring, 'flour', { encryptionContext })
  const discovery = { accountIDs: ['000000000000'], partition: 'aws' }
  const anyKey = new KmsKeyringNode({
    discovery: true,
    discoveryFilter: discovery,
    clientProvider: clientProvider(),
  })
  expect((await decrypt(anyKey, result)).plaintext.toString()).toBe('flour')
})

test('an alias encrypts, and a rotation changes nothing for what was encrypted', async () => {
  const key = await newKeyArn()
  await kms.createAlias({ AliasName: 'alias/flour', TargetKeyId: key })
  const alias = `arn:aws:kms:${TEST_REGION}:000000000000:alias/flour`
  const byAlias = new KmsKeyringNode({ generatorKeyId: alias, clientProvider: clientProvider() })
  const { result } = await encrypt(byAlias, 'flour', { encryptionContext })
  await kms.rotateKeyOnDemand({ KeyId: key })
  const byKey = new KmsKeyringNode({ keyIds: [key], clientProvider: clientProvider() })
  expect((await decrypt(byKey, result)).plaintext.toString()).toBe('flour')
})

test('a message that was changed is not opened', async () => {
  const keyring = new KmsKeyringNode({ generatorKeyId: await newKeyArn(), clientProvider: clientProvider() })
  const { result } = await encrypt(keyring, 'flour', { encryptionContext })
  const changed = Buffer.from(result)
  changed[result.length >>> 1]! ^= 1
  expect(await errorOf(decrypt(keyring, changed))).toMatchObject({ name: 'Error' })
})

test("the guide's program runs as it is, and once more", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-encryption-sdk-'))
  try {
    await symlink(MODULES, join(directory, 'node_modules'))
    const [, name, code] = /```js\n\/\/ (\S+\.mjs)\n(.*?)```/s.exec(await readFile(GUIDE, 'utf8'))!
    await writeFile(join(directory, name!), code!)
    for (const _run of ['the first', 'the next']) {
      const { stdout } = await run(process.execPath, [name!], {
        cwd: directory,
        timeout: 60_000,
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: server.url,
          AWS_REGION: TEST_REGION,
          AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
          AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
        },
      })
      expect(stdout).toBe('two tons of flour\n')
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
