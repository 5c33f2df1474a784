import { expect, test } from 'vitest'
import { ServiceError } from '../../api/service-error.ts'
import { type DataKeyProblem, DataKeyRefused, type DataKeyUse } from '../../core/data-keys.ts'
import type { BodySeals } from '../../core/sealed-body.ts'
import type { QueueEncryption } from './ports.ts'
import { checkQueueKey, sealReadingOf, sendSealed } from './queue-encryption.ts'
import type { QueueKey } from './queue-settings.ts'
import { TEST_QUEUE, TEST_REQUEST } from './test-cell.ts'

const USER = { denial: () => null }
const keyNamed = (kmsMasterKeyId: string): QueueKey => ({ kmsMasterKeyId, kmsDataKeyReusePeriodSeconds: 60 })

/** Seals a body by writing the key's name before it. */
class NamedSeals implements BodySeals {
  readonly uses: DataKeyUse[] = []

  async seal(use: DataKeyUse, bodies: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    this.uses.push(use)
    return bodies.map((body) => Buffer.concat([Buffer.from(use.keyId), body]))
  }

  open(): Promise<Uint8Array> {
    return Promise.reject(new Error('nothing is opened here'))
  }

  async check(use: DataKeyUse): Promise<void> {
    this.uses.push(use)
  }
}

function encryptionWith(seals: BodySeals, ...keys: (QueueKey | null)[]): QueueEncryption {
  return { seals, keyOf: () => (keys.length > 1 ? keys.shift()! : keys[0]!), userOf: () => USER }
}

const refusing = (problem: DataKeyProblem): BodySeals => {
  const refuse = () => Promise.reject(new DataKeyRefused(problem, 'as KMS says it'))
  return { seal: refuse, open: refuse, check: refuse }
}

const BODIES = [Buffer.from(' a'), Buffer.from(' b')]

function sendBy(encryption: QueueEncryption | undefined, ...replies: (string | null)[]) {
  const sent: string[] = []
  const outcome = sendSealed({ encryption }, TEST_QUEUE, BODIES, TEST_REQUEST, async (bodies, keyId) => {
    sent.push(`${keyId}:${Buffer.concat([...bodies])}`)
    return replies.length > 1 ? replies.shift()! : replies[0]!
  })
  return { sent, outcome }
}

test('where a queue has no key messages are sent as they are', async () => {
  for (const encryption of [undefined, encryptionWith(new NamedSeals(), null)]) {
    const { sent, outcome } = sendBy(encryption, 'sent')
    expect(await outcome).toBe('sent')
    expect(sent).toEqual(['undefined: a b'])
  }
})

test('all of a request is sealed in one go, by whoever may decrypt it too, bound to the queue', async () => {
  const seals = new NamedSeals()
  const { sent, outcome } = sendBy(encryptionWith(seals, keyNamed('k')), 'sent')
  await outcome
  expect(sent).toEqual(['k:k ak b'])
  const use = {
    ...{ accountId: '000000000000', region: 'eu-west-1', keyId: 'k', reuseMs: 60_000, user: USER },
    context: { 'aws:sqs:arn': 'arn:aws:sqs:eu-west-1:000000000000:orders' },
  }
  expect(seals.uses).toEqual([use, use])
})

test('where the queue has got another key meanwhile, all is sealed anew', async () => {
  const encryption = encryptionWith(new NamedSeals(), keyNamed('first'), null, keyNamed('second'))
  const { sent, outcome } = sendBy(encryption, null, null, 'sent')
  expect(await outcome).toBe('sent')
  expect(sent).toEqual(['first:first afirst b', 'undefined: a b', 'second:second asecond b'])
})

test('a key that changes all the time is no endless loop', async () => {
  await expect(sendBy(encryptionWith(new NamedSeals(), keyNamed('k')), null).outcome).rejects.toThrow(
    'changed all the time',
  )
})

test.each([
  ['not found', 'KmsNotFound', 'KMS.NotFoundException'],
  ['disabled', 'KmsDisabled', 'KMS.DisabledException'],
  ['invalid state', 'KmsInvalidState', 'KMS.InvalidStateException'],
  ['access denied', 'KmsAccessDenied', 'KMS.AccessDeniedException'],
  ['invalid key usage', 'KmsInvalidKeyUsage', 'KMS.InvalidKeyUsageException'],
  ['invalid ciphertext', 'KmsInvalidState', 'KMS.InvalidStateException'],
  ['unavailable', 'KmsInvalidState', 'KMS.InvalidStateException'],
] as const)(
  'a key that is of no use (%s) refuses sends and receives, and nothing is sent',
  async (problem, code, queryCode) => {
    const encryption = encryptionWith(refusing(problem), keyNamed('k'))
    const { sent, outcome } = sendBy(encryption, 'sent')
    for (const refused of [outcome, checkQueueKey({ encryption }, TEST_QUEUE, TEST_REQUEST)]) {
      const error = await refused.catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ServiceError)
      expect((error as ServiceError).shape).toEqual({ code, queryCode, status: 400, fault: 'client' })
      expect((error as ServiceError).message).toBe('as KMS says it')
    }
    expect(sent).toEqual([])
  },
)

test('what is sealed in a queue without a key is opened for whoever asks, by the reuse that is the default', () => {
  const of = (encryption: QueueEncryption | undefined) =>
    sealReadingOf({ encryption }, TEST_QUEUE, TEST_REQUEST)
  const place = { accountId: '000000000000', region: 'eu-west-1' }
  expect(of(encryptionWith(new NamedSeals(), null))).toEqual({ ...place, reuseMs: 300_000, user: USER })
  expect(of(encryptionWith(new NamedSeals(), keyNamed('k')))).toEqual({
    ...place,
    reuseMs: 60_000,
    user: USER,
  })
})
