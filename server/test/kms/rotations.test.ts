import { expect, test } from 'vitest'
import { DAY_MS, START } from './key-life.ts'
import { arnOf, bytesOf, KmsWorld } from './kms-world.ts'

const Plaintext = bytesOf('kept for years')

const rotationsOf = async (kms: KmsWorld, KeyId: string, input: object = {}) =>
  (await kms.run('ListKeyRotations', { KeyId, ...input })).Rotations as readonly Record<string, unknown>[]

test('a key is rotated when its period is over, and what was encrypted before stays readable', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.run('GetKeyRotationStatus', { KeyId })).toEqual({
    KeyId: arnOf(KeyId),
    KeyRotationEnabled: false,
  })
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  expect(await kms.run('GetKeyRotationStatus', { KeyId })).toEqual({
    ...{ KeyId: arnOf(KeyId), KeyRotationEnabled: true, RotationPeriodInDays: 90 },
    NextRotationDate: START + 90 * DAY_MS,
  })
  const { CiphertextBlob: before } = await kms.run('Encrypt', { KeyId, Plaintext })
  kms.life.wait(90 * DAY_MS - 1)
  expect(await rotationsOf(kms, KeyId)).toEqual([])
  kms.life.wait(1)
  const { CiphertextBlob: after } = await kms.run('Encrypt', { KeyId, Plaintext })
  const [rotation, ...rest] = await rotationsOf(kms, KeyId)
  expect(rest).toEqual([])
  expect(rotation).toMatchObject({
    ...{ KeyId, RotationDate: START + 90 * DAY_MS, RotationType: 'AUTOMATIC', KeyMaterialState: 'CURRENT' },
  })
  const [first, second] = [
    await kms.run('Decrypt', { CiphertextBlob: before }),
    await kms.run('Decrypt', { CiphertextBlob: after }),
  ]
  expect(first.Plaintext).toEqual(Plaintext)
  expect(second.Plaintext).toEqual(Plaintext)
  expect(second.KeyMaterialId).toBe(rotation!.KeyMaterialId)
  expect(first.KeyMaterialId).not.toBe(second.KeyMaterialId)
  const { KeyMetadata } = await kms.run('DescribeKey', { KeyId })
  expect(KeyMetadata.CurrentKeyMaterialId).toBe(second.KeyMaterialId)
})

test('who was idle for years is rotated once for each period, at its time', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('EnableKeyRotation', { KeyId })
  kms.life.wait(3.5 * 365 * DAY_MS)
  const dates = (await rotationsOf(kms, KeyId)).map(({ RotationDate }) => RotationDate)
  expect(dates).toEqual([1, 2, 3].map((years) => START + years * 365 * DAY_MS))
  expect((await kms.run('GetKeyRotationStatus', { KeyId })).NextRotationDate).toBe(START + 4 * 365 * DAY_MS)
})

test('many who meet a key that is due rotate it once', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  kms.life.wait(90 * DAY_MS)
  await Promise.all(Array.from({ length: 5 }, () => kms.run('Encrypt', { KeyId, Plaintext })))
  expect(await rotationsOf(kms, KeyId)).toHaveLength(1)
})

test('a disabled key is not rotated, and is once it is enabled again', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  await kms.run('DisableKey', { KeyId })
  kms.life.wait(100 * DAY_MS)
  expect(await rotationsOf(kms, KeyId)).toEqual([])
  expect((await kms.run('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(true)
  await kms.run('EnableKey', { KeyId })
  expect(await rotationsOf(kms, KeyId)).toMatchObject([{ RotationDate: START + 100 * DAY_MS }])
  expect((await kms.run('GetKeyRotationStatus', { KeyId })).NextRotationDate).toBe(START + 190 * DAY_MS)
})

test('a key that is to be deleted is not rotated, and says so', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  await kms.run('ScheduleKeyDeletion', { KeyId })
  expect((await kms.run('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(false)
  await kms.run('CancelKeyDeletion', { KeyId })
  expect((await kms.run('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(true)
})

test('the period is changed from now on, asked for again it goes on, and ended it ends', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  kms.life.wait(10 * DAY_MS)
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  const next = async () => (await kms.run('GetKeyRotationStatus', { KeyId })).NextRotationDate
  expect(await next()).toBe(START + 90 * DAY_MS)
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 2560 })
  expect(await next()).toBe(START + 2570 * DAY_MS)
  await kms.run('DisableKeyRotation', { KeyId })
  kms.life.wait(3000 * DAY_MS)
  expect(await rotationsOf(kms, KeyId, { IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })).toHaveLength(1)
})

test.each([89, 2561])('a period of %i days is refused', async (RotationPeriodInDays) => {
  const kms = new KmsWorld()
  expect(await kms.refusal('EnableKeyRotation', { KeyId: await kms.key(), RotationPeriodInDays })).toContain(
    `Value '${RotationPeriodInDays}' at 'rotationPeriodInDays' failed to satisfy constraint`,
  )
})

test('a key is rotated on demand 25 times, and its schedule stays as it is', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  const blobs: unknown[] = []
  for (let i = 0; i < 25; i++) {
    blobs.push((await kms.run('Encrypt', { KeyId, Plaintext })).CiphertextBlob)
    kms.life.wait(DAY_MS)
    expect(await kms.run('RotateKeyOnDemand', { KeyId })).toEqual({ KeyId })
  }
  for (const CiphertextBlob of blobs) {
    expect((await kms.run('Decrypt', { CiphertextBlob })).Plaintext).toEqual(Plaintext)
  }
  expect((await kms.run('GetKeyRotationStatus', { KeyId })).NextRotationDate).toBe(START + 90 * DAY_MS)
  expect(await kms.refusal('RotateKeyOnDemand', { KeyId })).toBe(
    'LimitExceededException: The on-demand rotations limit has been reached for the given keyId. ' +
      `No more on-demand rotations can be performed for this key: ${arnOf(KeyId)}`,
  )
  kms.life.wait(65 * DAY_MS)
  expect(await rotationsOf(kms, KeyId)).toHaveLength(26)
})

test('not on demand when an automatic rotation is about to begin', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  kms.life.wait(90 * DAY_MS - 20 * 60_000)
  expect(await kms.refusal('RotateKeyOnDemand', { KeyId })).toContain('ConflictException')
  kms.life.wait(20 * 60_000)
  expect(await kms.refusal('RotateKeyOnDemand', { KeyId })).toBe('not refused')
})

test('materials are listed by pages, the first one too where it is asked for', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  for (let i = 0; i < 3; i++) await kms.run('RotateKeyOnDemand', { KeyId })
  const IncludeKeyMaterial = 'ALL_KEY_MATERIAL'
  const all = await rotationsOf(kms, KeyId, { IncludeKeyMaterial })
  expect(all.map(({ KeyMaterialState, RotationType }) => [KeyMaterialState, RotationType])).toEqual([
    ['NON_CURRENT', undefined],
    ['NON_CURRENT', 'ON_DEMAND'],
    ['NON_CURRENT', 'ON_DEMAND'],
    ['CURRENT', 'ON_DEMAND'],
  ])
  expect(await rotationsOf(kms, KeyId)).toEqual(all.slice(1))
  const seen: unknown[] = []
  let Marker: string | undefined
  do {
    const page = await kms.run('ListKeyRotations', { KeyId, Limit: 2, Marker, IncludeKeyMaterial })
    seen.push(...page.Rotations)
    Marker = page.NextMarker
  } while (Marker !== undefined)
  expect(seen).toEqual(all)
})

test('what is no symmetric key for encryption is not rotated', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  for (const name of ['EnableKeyRotation', 'DisableKeyRotation', 'RotateKeyOnDemand', 'ListKeyRotations']) {
    expect(await kms.refusal(name, { KeyId }), name).toBe('UnsupportedOperationException: ')
  }
  expect((await kms.run('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(false)
})

test('a disabled key is neither rotated nor scheduled', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('DisableKey', { KeyId })
  for (const name of ['EnableKeyRotation', 'DisableKeyRotation', 'RotateKeyOnDemand']) {
    expect(await kms.refusal(name, { KeyId }), name).toBe(`DisabledException: ${arnOf(KeyId)} is disabled.`)
  }
})
