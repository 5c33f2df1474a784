import { expect, test } from 'vitest'
import { DataKeyRefused, type DataKeyUse, type KeyUser } from '../../src/core/data-keys.ts'
import { KmsDataKeys } from '../../src/services/kms/data-keys.ts'
import { SCOPE } from './key-life.ts'
import { arnOf, KmsWorld } from './kms-world.ts'

const REUSE_MS = 300_000

const useOf = (keyId: string, context: Record<string, string> = { queue: 'orders' }): DataKeyUse => ({
  ...SCOPE,
  ...{ keyId, context, reuseMs: REUSE_MS, user: null },
})

async function problemOf(task: Promise<unknown>): Promise<string> {
  const error = await task.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DataKeyRefused)) throw error
  return `${error.problem}: ${error.message}`
}

test('a data key is reused for its time, and the one after is another', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const use = useOf(await kms.key())
  const first = await keys.current(use)
  expect(first.secret).toHaveLength(32)
  kms.life.now += REUSE_MS - 1
  expect(await keys.current(use)).toBe(first)
  kms.life.now += 1
  expect((await keys.current(use)).secret).not.toEqual(first.secret)
})

test('a time that is made shorter counts for the data key that is there', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const use = useOf(await kms.key())
  const first = await keys.current({ ...use, reuseMs: 2 * REUSE_MS })
  kms.life.now += REUSE_MS
  expect(await keys.current({ ...use, reuseMs: 2 * REUSE_MS })).toBe(first)
  expect((await keys.current(use)).secret).not.toEqual(first.secret)
})

test('within its time the cell is not asked again, also by many at once', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const use = useOf(await kms.key())
  kms.asked.length = 0
  await Promise.all(Array.from({ length: 10 }, () => keys.current(use)))
  expect(kms.asked).toEqual(['getKey'])
})

test('another process opens it, for the same context alone', async () => {
  const kms = new KmsWorld()
  const use = useOf(await kms.key())
  const { secret, encrypted } = await new KmsDataKeys(kms.ports).current(use)
  const others = new KmsDataKeys(new KmsWorld(kms.life, 'root secret', 2).ports)
  expect(await others.open(use, encrypted)).toEqual(secret)
  expect(await problemOf(others.open(useOf(use.keyId, { queue: 'others' }), encrypted))).toBe(
    'invalid ciphertext: ',
  )
})

test('one that was encrypted under the key before opens when a resource has another key now', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const { secret, encrypted } = await keys.current(useOf(await kms.key()))
  expect(await keys.open(useOf(await kms.key()), encrypted)).toEqual(secret)
})

test('the key that AWS would manage is made when it is first used, and by its service alone', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const { secret, encrypted } = await keys.current(useOf('alias/aws/sqs'))
  expect(await new KmsDataKeys(kms.ports).open(useOf('alias/aws/sqs'), encrypted)).toEqual(secret)
  const { Aliases } = await kms.run('ListAliases')
  expect(Aliases).toMatchObject([{ AliasName: 'alias/aws/sqs' }])
  expect(
    await kms.refusal('Decrypt', { CiphertextBlob: encrypted, EncryptionContext: { queue: 'orders' } }),
  ).toContain(
    'AccessDeniedException: User: arn:aws:iam::000000000000:user/example is not authorized to perform: kms:Decrypt',
  )
})

test('why there is none is told, and the next one asks again', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const KeyId = await kms.key()
  const use = useOf(KeyId)
  await kms.run('DisableKey', { KeyId })
  expect(await problemOf(keys.current(use))).toBe(`disabled: ${arnOf(KeyId)} is disabled.`)
  await kms.run('EnableKey', { KeyId })
  const { encrypted } = await keys.current(use)
  await kms.run('ScheduleKeyDeletion', { KeyId })
  expect(await problemOf(keys.open(use, encrypted))).toBe(
    `invalid state: ${arnOf(KeyId)} is pending deletion.`,
  )
  const missing = '00000000-0000-4000-8000-000000000000'
  expect(await problemOf(keys.current(useOf(missing)))).toBe(
    `not found: Key '${arnOf(missing)}' does not exist`,
  )
  const elsewhere = `arn:aws:kms:eu-west-1:111111111111:key/${missing}`
  expect(await problemOf(keys.current(useOf(elsewhere)))).toContain('access denied: ')
  const signer = await kms.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  expect(await problemOf(keys.current(useOf(signer)))).toContain('invalid key usage: ')
  const damaged = encrypted.slice()
  damaged[40]! ^= 1
  await kms.run('CancelKeyDeletion', { KeyId })
  await kms.run('EnableKey', { KeyId })
  expect(await problemOf(keys.open(use, damaged))).toBe('invalid ciphertext: ')
  expect(await problemOf(keys.open(use, new Uint8Array(9)))).toBe('invalid ciphertext: ')
  const other = new KmsWorld(kms.life, 'another root secret')
  expect(await problemOf(new KmsDataKeys(other.ports).current(use))).toContain('unavailable: ')
})

test('a key that is disabled while its data key is reused has an effect when that has been used for its time', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const KeyId = await kms.key()
  const use = useOf(KeyId)
  const first = await keys.current(use)
  expect(await keys.open(use, first.encrypted)).toEqual(first.secret)
  await kms.run('DisableKey', { KeyId })
  expect(await keys.current(use)).toBe(first)
  expect(await keys.open(use, first.encrypted)).toEqual(first.secret)
  kms.life.now += REUSE_MS
  expect(await problemOf(keys.current(use))).toContain('disabled')
  expect(await problemOf(keys.open(use, first.encrypted))).toContain('disabled')
})

test('who uses a key is asked about each time, by what was found of it before or not', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const KeyId = await kms.key()
  const asked: string[] = []
  let denies: string | null = null
  const user: KeyUser = {
    denial: (action, key, context) => {
      asked.push(`${action} ${key} ${JSON.stringify(context)}`)
      return denies
    },
  }
  const use = { ...useOf('alias/orders'), user }
  await kms.run('CreateAlias', { AliasName: 'alias/orders', TargetKeyId: KeyId })
  const { encrypted } = await keys.current(use)
  await keys.open(use, encrypted)
  await keys.check(use)
  await keys.check(use)
  const context = '{"queue":"orders"}'
  expect(asked).toEqual([
    `GenerateDataKey ${arnOf(KeyId)} ${context}`,
    ...Array(3).fill(`Decrypt ${arnOf(KeyId)} ${context}`),
  ])
  denies = 'not you'
  for (const refused of [keys.current(use), keys.open(use, encrypted), keys.check(use)])
    expect(await problemOf(refused)).toBe('access denied: not you')
  // Whoever may use it is not in the way of others.
  expect(await keys.open({ ...use, user: null }, encrypted)).toHaveLength(32)
})

test('who may not use a key is not told in which state it is', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const KeyId = await kms.key()
  await kms.run('DisableKey', { KeyId })
  const use = { ...useOf(KeyId), user: { denial: () => 'not you' } }
  expect(await problemOf(keys.check(use))).toBe('access denied: not you')
  expect(await problemOf(keys.check(useOf(KeyId)))).toBe(`disabled: ${arnOf(KeyId)} is disabled.`)
})

test('a check counts for the time of reuse, and a refused one not at all', async () => {
  const kms = new KmsWorld()
  const keys = new KmsDataKeys(kms.ports)
  const KeyId = await kms.key()
  await keys.check(useOf(KeyId))
  await kms.run('DisableKey', { KeyId })
  await keys.check(useOf(KeyId))
  kms.life.now += REUSE_MS
  expect(await problemOf(keys.check(useOf(KeyId)))).toContain('disabled')
  await kms.run('EnableKey', { KeyId })
  await keys.check(useOf(KeyId))
})
