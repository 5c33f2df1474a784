import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { SeededRandom } from '../base/random.ts'
import { type DataKey, DataKeyRefused, type DataKeys, type DataKeyUse } from '../core/data-keys.ts'
import { clearPartOf, readSealedBody } from '../core/sealed-body.ts'
import { AesBodySeals } from './aes-body-seals.ts'

const USE: DataKeyUse = {
  ...{ accountId: '000000000000', region: 'eu-west-1', keyId: 'orders-key', reuseMs: 300_000 },
  user: null,
  context: { 'aws:sqs:arn': 'arn:aws:sqs:eu-west-1:000000000000:orders' },
}
const SECRET = new Uint8Array(32).fill(7)

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString()

/** One data key, encrypted as its context. */
class OneKey implements DataKeys {
  readonly key: DataKey = { secret: SECRET, encrypted: bytesOf('encrypted') }
  readonly asked: string[] = []

  async current(): Promise<DataKey> {
    this.asked.push('current')
    return this.key
  }

  async open({ context }: Omit<DataKeyUse, 'keyId'>, encrypted: Uint8Array): Promise<Uint8Array> {
    this.asked.push(`open ${textOf(encrypted)} ${JSON.stringify(context)}`)
    return SECRET
  }

  async check(): Promise<void> {
    this.asked.push('check')
  }
}

async function problemOf(opening: Promise<Uint8Array>): Promise<string> {
  const error = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DataKeyRefused)) throw error ?? new Error('it opened')
  return error.problem
}

const nonceOf = (sealed: Uint8Array) => Buffer.from(readSealedBody(sealed)!.nonce).toString('hex')

test('what was sealed opens with the data key that it names', async () => {
  const keys = new OneKey()
  const seals = new AesBodySeals(keys, new SeededRandom(1))
  const bodies = ['first', '', 'third'].map(bytesOf)
  const sealed = await seals.seal(USE, bodies)
  expect(keys.asked).toEqual(['current'])
  const opened = await Promise.all(sealed.map((each) => seals.open(USE, each)))
  expect(opened.map(textOf)).toEqual(['first', '', 'third'])
  expect(keys.asked.slice(1)).toEqual(
    Array(3).fill('open encrypted {"aws:sqs:arn":"arn:aws:sqs:eu-west-1:000000000000:orders"}'),
  )
  expect(Buffer.concat(sealed).includes('first')).toBe(false)
})

test('the same bytes come of the same seed, as every later version reads them', async () => {
  const [sealed] = await new AesBodySeals(new OneKey(), new SeededRandom(1)).seal(USE, [bytesOf('kept')])
  expect(Buffer.from(sealed!).toString('hex')).toBe(
    '030009003d00' +
      Buffer.from('encrypted[["aws:sqs:arn","arn:aws:sqs:eu-west-1:000000000000:orders"]]').toString('hex') +
      'd4e5b37a8e5fbead00000000' +
      '66a8e6d67b10f909283648fa358febf8a7d2b905',
  )
})

test('the beginning of a body that is not sealed may be written to, and comes back as it is then', async () => {
  const seals = new AesBodySeals(new OneKey(), new SeededRandom(1))
  const [sealed] = await seals.seal(USE, [bytesOf('clear, and secret')], 5)
  const clear = clearPartOf(sealed!)
  expect(textOf(clear)).toBe('clear')
  expect(Buffer.from(sealed!).includes('secret')).toBe(false)
  clear.set(bytesOf('other'))
  expect(textOf(await seals.open(USE, sealed!))).toBe('other, and secret')
  // But not how much of it there is.
  const moved = sealed!.slice()
  moved[1]! -= 1
  expect(await problemOf(seals.open(USE, moved))).toBe('invalid ciphertext')
})

test('whoever has no use for the keys is told so, also about no bodies at all', async () => {
  const refused = new DataKeyRefused('disabled', 'the key is disabled')
  const refuse = () => Promise.reject(refused)
  const keys: DataKeys = { current: refuse, open: refuse, check: refuse }
  const seals = new AesBodySeals(keys, new SeededRandom(1))
  await expect(seals.seal(USE, [])).rejects.toBe(refused)
  const [sealed] = await new AesBodySeals(new OneKey(), new SeededRandom(1)).seal(USE, [bytesOf('x')])
  await expect(seals.open(USE, sealed!)).rejects.toBe(refused)
  await expect(seals.check(USE)).rejects.toBe(refused)
})

test('a body that was changed anywhere, or cut, does not open', async () => {
  const seals = new AesBodySeals(new OneKey(), new SeededRandom(1))
  const [sealed] = await seals.seal(USE, [bytesOf('a secret')])
  for (let at = 0; at < sealed!.length; at++) {
    const changed = sealed!.slice()
    changed[at]! ^= 1
    expect(await problemOf(seals.open(USE, changed))).toBe('invalid ciphertext')
    expect(await problemOf(seals.open(USE, sealed!.slice(0, at)))).toBe('invalid ciphertext')
  }
})

test('no nonce comes twice: not under one prefix, nor when its numbers are used up, nor from another sealer', async () => {
  const keys = new OneKey()
  const bodies = Array.from({ length: 10 }, () => bytesOf('same'))
  const first = new AesBodySeals(keys, new SeededRandom(1), 4)
  const second = new AesBodySeals(keys, new SeededRandom(2), 4)
  const sealed = [
    ...(await first.seal(USE, bodies)),
    ...(await first.seal(USE, bodies)),
    ...(await second.seal(USE, bodies)),
  ]
  const nonces = sealed.map(nonceOf)
  expect(new Set(nonces).size).toBe(30)
  expect(new Set(nonces.slice(0, 20).map((nonce) => nonce.slice(0, 16))).size).toBe(5)
  expect(nonces.slice(0, 5).map((nonce) => nonce.slice(16))).toEqual([
    '00000000',
    '01000000',
    '02000000',
    '03000000',
    '00000000',
  ])
})
