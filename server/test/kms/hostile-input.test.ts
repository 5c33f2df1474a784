import { Buffer } from 'node:buffer'
import { beforeAll, expect, test } from 'vitest'
import { compileModel } from '../../src/api/compile-model.ts'
import { kmsModel } from '../../src/api/generated/kms-model.ts'
import type { Shape } from '../../src/api/model.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { arnOf, bytesOf, KmsWorld } from './kms-world.ts'

const model = compileModel('kms', kmsModel)
const kms = new KmsWorld()
/** Names of keys of several kinds, ciphertexts and tokens: what is nearly right finds more than what is made up. */
const texts: string[] = [
  '',
  'x',
  'alias/x',
  'alias/aws/sqs',
  'alias/',
  'arn:aws:kms:eu-west-1:000000000000:key/',
  '__proto__',
  '\u0000',
]
const blobs: Uint8Array[] = [
  new Uint8Array(1),
  bytesOf('MRK\u0001'),
  new Uint8Array(32),
  new Uint8Array(48),
  new Uint8Array(64),
]

beforeAll(async () => {
  for (const input of [
    {},
    { MultiRegion: true },
    { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' },
    { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
    { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' },
    { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' },
    { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  ]) {
    const KeyId = await kms.key(input)
    // What may be done is done more often than not.
    texts.push(KeyId, KeyId, arnOf(KeyId))
  }
  const KeyId = texts[8]!
  await kms.run('CreateAlias', { AliasName: 'alias/x', TargetKeyId: KeyId })
  const encrypted = await kms.run('Encrypt', { KeyId, Plaintext: bytesOf('x') })
  blobs.push(encrypted.CiphertextBlob, encrypted.CiphertextBlob.subarray(0, 40))
  const GranteePrincipal = '000000000000'
  texts.push(
    GranteePrincipal,
    '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}',
  )
  texts.push((await kms.run('CreateGrant', { KeyId, GranteePrincipal, Operations: ['Encrypt'] })).GrantToken)
  texts.push((await kms.run('ListKeys', { Limit: 1 })).NextMarker)
})

/** Something of the shape, within its bounds or not. */
function something(shape: Shape, random: SeededRandom): unknown {
  switch (shape.kind) {
    case 'structure':
      return Object.fromEntries(
        shape.members
          .filter(({ name }) => shape.required.some((member) => member.name === name) || random.chance(0.3))
          .map(({ name, shape: inner }) => [name, something(inner, random)]),
      )
    case 'list':
      return Array.from({ length: random.below(3) }, () => something(shape.element, random))
    case 'map':
      return Object.fromEntries(
        Array.from({ length: random.below(3) }, () => [
          something(shape.key, random),
          something(shape.value, random),
        ]),
      )
    case 'string': {
      const { choices } = shape
      // RSA pairs take long to make.
      const quick = choices?.filter((choice) => !/^RSA_\d/.test(choice)) ?? texts
      return quick[random.below(quick.length)]
    }
    case 'blob':
      return random.chance(0.7) ? blobs[random.below(blobs.length)] : random.bytes(1 + random.below(300))
    case 'boolean':
      return random.chance(0.3)
    case 'timestamp':
      return random.uint32()
    default:
      return random.pick([0, 1, 7, 30, 90, 365, 1024])
  }
}

const NEVER: ReadonlySet<string> = new Set(['ScheduleKeyDeletion', 'DisableKey'])

test.each([...model.operations.keys()].filter((name) => !NEVER.has(name)))(
  'whatever %s is asked, it answers or refuses',
  async (name) => {
    const random = new SeededRandom(name.length * 31 + name.charCodeAt(3))
    const { input } = model.operations.get(name)!
    const told = new Set<string>()
    for (let i = 0; i < 150; i++) {
      const asked = something(input, random) as Record<string, unknown>
      // Anything that is thrown and is no refusal fails the test.
      told.add((await kms.refusal(name, asked)).split(':')[0]!)
    }
    expect(told).not.toContain('KeyUnavailableException')
  },
)

test('after all that, keys do what they did', async () => {
  const CiphertextBlob = blobs[5]!
  expect(Buffer.from((await kms.run('Decrypt', { CiphertextBlob })).Plaintext).toString()).toBe('x')
  expect(kms.reported).toEqual([])
  expect(kms.life.restarted(null, kms.life.log).content()).toEqual(kms.life.content())
})
