import { createVerify } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, get, type Server } from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import MessageValidator from 'sns-validator'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { Signer, signRsa } from '../../src/delivery/signer.ts'
import { loadSigningKey, type SigningKey } from '../../src/delivery/signing-key.ts'
import { certificateRoutes } from '../../src/http/certificate.ts'
import type { HttpRequest } from '../../src/http/request-handler.ts'
import {
  type Confirmation,
  confirmationToSign,
  renderConfirmation,
} from '../../src/services/sns/confirmation.ts'
import { type SignedDocument, stringToSign } from '../../src/services/sns/string-to-sign.ts'

/** What is signed here is verified by the validator that AWS publishes for receivers. */
let directory: string
let key: SigningKey
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signatures-'))
  key = await loadSigningKey(directory, Date.parse('2026-01-31T12:00:00Z'))
})
afterAll(() => rm(directory, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const MEMBERS = {
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  TopicArn: 'arn:aws:sns:us-east-1:000000000000:mill',
  Timestamp: '2026-01-31T12:00:00.000Z',
}
const MESSAGES = [
  'two millstones',
  '',
  'Mühle \u{1f33e}\nsecond line\r\n',
  '{"json":"within \\" JSON"}',
  'x'.repeat(262_144),
]
const NOTIFICATIONS: readonly SignedDocument[] = MESSAGES.flatMap((Message) => [
  { Type: 'Notification', Message, ...MEMBERS },
  { Type: 'Notification', Message, Subject: 'A subject', ...MEMBERS },
])
const CONFIRMATION: SignedDocument = {
  Type: 'SubscriptionConfirmation',
  Message: 'You have chosen to subscribe to the topic.',
  SubscribeURL: 'http://127.0.0.1:4566/?Action=ConfirmSubscription&Token=2336412f',
  Token: '2336412f',
  ...MEMBERS,
}

async function signed(document: SignedDocument, version: '1' | '2') {
  return {
    ...document,
    SignatureVersion: version,
    Signature: await new Signer(key).sign(stringToSign(document), version),
    // The validator insists on https; what it fetches goes to the server of the test all the same.
    SigningCertURL: `https://sns.test${key.certificatePath}`,
  }
}

/** Resolves when the validator accepts, rejects with what it objects to. */
async function validate(document: object): Promise<void> {
  const server = await serveCertificate()
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  vi.spyOn(https, 'get').mockImplementation((url, options) =>
    get(
      `http://127.0.0.1:${address.port}${new URL(String(url)).pathname}`,
      typeof options === 'function' ? options : undefined,
    ),
  )
  try {
    await new Promise<void>((resolve, reject) => {
      new MessageValidator(/^sns\.test$/).validate({ ...document }, (error) =>
        error === null ? resolve() : reject(error),
      )
    })
  } finally {
    server.close()
  }
}

/** The product's route, behind a bare server. */
async function serveCertificate(): Promise<Server> {
  const routes = certificateRoutes({ path: key.certificatePath, certificate: async () => key.certificate })
  const server = createServer(async (request, response) => {
    const route = routes[request.url ?? '']
    const answer = await route?.({ method: request.method } as HttpRequest)
    response.writeHead(answer?.status ?? 404, { ...answer?.headers }).end(answer?.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

test.each(['1', '2'] as const)('notifications verify with signatures of version %s', async (version) => {
  for (const document of [...NOTIFICATIONS, CONFIRMATION]) await validate(await signed(document, version))
})

test.each(['1', '2'] as const)(
  'a confirmation of an unsubscription verifies with version %s',
  async (version) => {
    // Published validators differ on these; the AWS documentation has the token signed in both kinds of confirmation.
    const document: SignedDocument = { ...CONFIRMATION, Type: 'UnsubscribeConfirmation' }
    const { Signature } = await signed(document, version)
    const text = `Message\n${document.Message}\nMessageId\n${document.MessageId}\nSubscribeURL\n${document.SubscribeURL}\nTimestamp\n${document.Timestamp}\nToken\n2336412f\nTopicArn\n${document.TopicArn}\nType\nUnsubscribeConfirmation\n`
    const verifier = createVerify(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text)
    expect(verifier.verify(key.certificate, Signature, 'base64')).toBe(true)
  },
)

test('a whole confirmation verifies as it is posted', async () => {
  const confirmation: Confirmation = {
    ...{ type: 'SubscriptionConfirmation', subscriptionArn: '', token: '2336412f' },
    ...{ messageId: MEMBERS.MessageId, topicArn: MEMBERS.TopicArn, timestamp: MEMBERS.Timestamp },
    subscribeUrl: 'http://127.0.0.1:4566/?Action=ConfirmSubscription&Token=2336412f',
  }
  const value = await new Signer(key).sign(confirmationToSign(confirmation), '2')
  const certificateUrl = `https://sns.test${key.certificatePath}`
  await validate(JSON.parse(renderConfirmation(confirmation, { version: '2', value, certificateUrl })))
})

test('what was changed on the way does not verify', async () => {
  const document = await signed(CONFIRMATION, '2')
  for (const name of ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn'])
    await expect(validate({ ...document, [name]: 'other' })).rejects.toThrow('signature is invalid')
  await expect(validate({ ...document, SignatureVersion: '1' })).rejects.toThrow('signature is invalid')
})

test('a text is signed once, however many ask, and anew it is signed the same', async () => {
  let made = 0
  const signer = new Signer(key, (...args) => {
    made++
    return signRsa(...args)
  })
  const text = stringToSign(CONFIRMATION)
  const [first, second] = await Promise.all([signer.sign(text, '1'), signer.sign(text, '1')])
  expect(second).toBe(first)
  expect(await signer.sign(text, '1')).toBe(first)
  expect(made).toBe(1)
  expect(await signer.sign(text, '2')).not.toBe(first)
  expect(await signer.sign(`${text}.`, '1')).not.toBe(first)
  expect(made).toBe(3)
  expect(await new Signer(key).sign(text, '1')).toBe(first)
})

test('two are signed at a time, however many are asked for, and one that fails holds up none', async () => {
  const asked: string[] = []
  const finish: ((outcome: string | Error) => void)[] = []
  const signer = new Signer(key, (_digest, text) => {
    asked.push(text)
    return new Promise((resolve, reject) => {
      finish.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)))
    })
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  const signatures = ['a', 'b', 'c', 'd', 'e'].map((text) => signer.sign(text, '1'))
  signatures[0]!.catch(() => {})
  await settled()
  expect(asked).toEqual(['a', 'b'])
  finish[0]!(new Error('no memory'))
  await settled()
  expect(asked).toEqual(['a', 'b', 'c'])
  await expect(signatures[0]).rejects.toThrow('no memory')
  finish[2]!('of c')
  finish[1]!('of b')
  await settled()
  expect(asked.slice(3).sort()).toEqual(['d', 'e'])
  for (const each of finish) each('done')
  expect(await Promise.all(signatures.slice(1))).toEqual(['of b', 'of c', 'done', 'done'])
})

test('the certificate is served to whoever asks, and only read', async () => {
  const route = certificateRoutes({ path: '/c.pem', certificate: async () => 'PEM' })['/c.pem']
  const answer = (method: string) => route?.({ method } as HttpRequest)
  expect(await answer('GET')).toMatchObject({ status: 200, body: 'PEM' })
  expect(await answer('POST')).toMatchObject({ status: 405 })
})
