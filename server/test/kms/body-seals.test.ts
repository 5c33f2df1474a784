import { expect, test } from 'vitest'
import { DataKeyRefused, type DataKeyUse } from '../../src/core/data-keys.ts'
import { AesBodySeals } from '../../src/keys/aes-body-seals.ts'
import { KmsDataKeys } from '../../src/services/kms/data-keys.ts'
import { SCOPE } from './key-life.ts'
import { bytesOf, KmsWorld, textOf } from './kms-world.ts'

const REUSE_MS = 60_000

const useOf = (keyId: string): DataKeyUse => ({
  ...SCOPE,
  ...{
    keyId,
    reuseMs: REUSE_MS,
    user: null,
    context: { 'aws:sqs:arn': 'arn:aws:sqs:eu-west-1:000000000000:orders' },
  },
})

/** Seals as another process with the same keys would. */
function sealsOf(kms: KmsWorld): AesBodySeals {
  return new AesBodySeals(new KmsDataKeys(kms.ports), kms.ports.random)
}

test('bodies open in another process, when the key was rotated, and when the resource has another key', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const [sealed] = await sealsOf(kms).seal(useOf(KeyId), [bytesOf('an order')])
  await kms.run('RotateKeyOnDemand', { KeyId })
  const other = sealsOf(new KmsWorld(kms.life, 'root secret', 2))
  await other.seal(useOf(await kms.key()), [bytesOf('another order')])
  expect(textOf(await other.open(useOf(KeyId), sealed!))).toBe('an order')
})

test('a key that is disabled opens nothing, once the time is over for which its data keys are reused', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const seals = sealsOf(kms)
  const sealed = await seals.seal(useOf(KeyId), [bytesOf('an order')])
  await seals.open(useOf(KeyId), sealed[0]!)
  await kms.run('DisableKey', { KeyId })
  expect(textOf(await seals.open(useOf(KeyId), sealed[0]!))).toBe('an order')
  kms.life.now += REUSE_MS
  await expect(seals.open(useOf(KeyId), sealed[0]!)).rejects.toBeInstanceOf(DataKeyRefused)
  await expect(seals.seal(useOf(KeyId), [bytesOf('a later one')])).rejects.toBeInstanceOf(DataKeyRefused)
  await kms.run('EnableKey', { KeyId })
  expect(textOf(await seals.open(useOf(KeyId), sealed[0]!))).toBe('an order')
})
