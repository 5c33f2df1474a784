import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileModel } from '../../../api/compile-model.ts'
import { compileFindViolations } from '../../../api/find-violations.ts'
import { kinesisModel } from '../../../api/generated/kinesis-model.ts'
import { packRecords } from '../packed-records.ts'
import { PLAIN_BYTES_MAX, plainRecordsReader } from './plain-records.ts'

const model = compileModel('kinesis', kinesisModel)
const findViolations = compileFindViolations(model.operations.get('PutRecords')!.input, true)
const reader = plainRecordsReader()!

interface Entry {
  readonly Data: string
  readonly PartitionKey: string
}

const listOf = (body: Buffer) => reader.read(body, body.indexOf('[') + 1)
const bodyOf = (list: string) => Buffer.from(`{"Records":${list},"StreamName":"orders"}`)
const read = (list: string) => listOf(bodyOf(list))?.records ?? null
const entry = (Data: string, PartitionKey = 'k') => JSON.stringify([{ Data, PartitionKey }])

/** Node's decoder takes more than an encoder writes. */
function decode(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/** What the model makes of the list, packed; null where it refuses it. */
function packedByModel(list: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(list)
  } catch {
    return null
  }
  if (!Array.isArray(parsed)) return null
  const records = parsed.map((value: Partial<Record<keyof Entry, unknown>> | null) => {
    const { Data, PartitionKey } = value ?? {}
    const data = typeof Data === 'string' ? decode(Data) : null
    return data !== null && typeof PartitionKey === 'string' ? { Data: data, PartitionKey } : null
  })
  if (records.some((record) => record === null)) return null
  if (findViolations({ Records: records, StreamName: 'orders' }).length > 0) return null
  return comparable(packRecords(records as never))
}

const comparable = ({ bytes, ...others }: ReturnType<typeof packRecords>) => ({
  ...others,
  bytes: Buffer.from(bytes).toString('hex'),
})

const plainKey = fc.string({ minLength: 1, maxLength: 256 }).filter((key) => !/["\\]/.test(key))
const anyEntry = fc.record({
  Data: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  PartitionKey: fc.oneof(
    { weight: 9, arbitrary: plainKey },
    { weight: 1, arbitrary: fc.string({ minLength: 1 }) },
  ),
})
const spaces = fc.nat(2).map((count) => ' '.repeat(count))

/** As clients write it: spaces between, members in either order. */
const anyList = fc
  .tuple(fc.array(fc.tuple(anyEntry, fc.boolean()), { minLength: 1, maxLength: 20 }), spaces)
  .map(([entries, gap]) => {
    const objects = entries.map(([{ Data, PartitionKey }, isKeyFirst]) => {
      const members = [`"Data":${gap}"${Data}"`, `"PartitionKey":${gap}${JSON.stringify(PartitionKey)}`]
      if (isKeyFirst) members.reverse()
      return `{${members.join(`,${gap}`)}}`
    })
    return `[${gap}${objects.join(`${gap},`)}${gap}]`
  })

test('records as clients write them are read as the model and its readers have them', () => {
  fc.assert(
    fc.property(anyList, (list) => {
      const records = read(list)
      if (records === null) expect(list).toMatch(/\\/)
      else expect(comparable(records)).toEqual(packedByModel(list))
    }),
    { numRuns: 500 },
  )
})

test('a list that something was done to is read as the model has it, or not at all', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      ' ',
      '\t',
      '\n',
      '=',
      '==',
      '-',
      '_',
      '\0',
      '\x7f',
      'é',
    ),
    fc.constantFrom(
      '"Data":"QQ=="',
      '"PartitionKey":"k"',
      '"ExplicitHashKey":"1"',
      'null',
      '\\u0041',
      'Data',
      'QR==',
    ),
    fc.string({ maxLength: 3 }),
  )
  let readCount = 0
  fc.assert(
    fc.property(anyList, fc.nat(), fc.nat(3), pieces, (list, position, removed, piece) => {
      const at = position % (list.length + 1)
      const broken = list.slice(0, at) + piece + list.slice(at + removed)
      const body = bodyOf(broken)
      const found = listOf(body)
      if (found === null) return
      readCount++
      // What was read may end before what was broken: then the rest of the body is for the caller to judge.
      const taken = body.toString('utf8', body.indexOf('['), found.end)
      expect(comparable(found.records)).toEqual(packedByModel(taken))
    }),
    { numRuns: 3000 },
  )
  expect(readCount).toBeGreaterThan(100)
})

test('whatever bytes come, nothing is read that the model would not read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const found = reader.read(Buffer.concat([Buffer.from('['), bytes]), 1)
      expect(found).toBeNull()
    }),
    { numRuns: 1000 },
  )
})

test('of base64, any text is taken or refused as the decoder does it, in a block of sixteen and behind it', () => {
  const around = ['', 'QUJD', 'QUJDREVGR0hJSktM', `QUJDREVGR0hJSktM${'Zm9v'.repeat(7)}`]
  for (const before of around) {
    for (const after of around) {
      for (let code = 0x20; code < 0x80; code++) {
        for (let place = 0; place < 4; place++) {
          const quantum = 'QUJD'.slice(0, place) + String.fromCharCode(code) + 'QUJD'.slice(place + 1)
          expectAsDecoded(before + quantum + after)
        }
      }
    }
    for (const end of [
      '=',
      '==',
      '===',
      '====',
      'Q===',
      'QQ==',
      'QR==',
      'QUI=',
      'QUJ=',
      'QQ=A',
      'Q',
      'QQ',
      'QUI',
    ]) {
      expectAsDecoded(before + end)
    }
  }
})

test('data of every length keeps all its bytes', () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 7) & 255)
    expectAsDecoded(Buffer.from(bytes).toString('base64'))
  }
})

function expectAsDecoded(text: string): void {
  if (/["\\]/.test(text)) return
  const records = read(entry(text))
  const bytes = decode(text)
  if (bytes === null) {
    if (records !== null) expect.fail(`${text} was taken`)
    return
  }
  const want = comparable(packRecords([{ Data: bytes, PartitionKey: 'k' }]))
  if (records === null || JSON.stringify(comparable(records)) !== JSON.stringify(want)) {
    expect.fail(`${text} was read as ${records && JSON.stringify(comparable(records))}`)
  }
}

test.each([
  ['no records', '[]'],
  ['a record without data', '[{"PartitionKey":"k"}]'],
  ['a record without a key', '[{"Data":"QQ=="}]'],
  ['an empty record', '[{}]'],
  ['a member twice', '[{"Data":"QQ==","Data":"Qg==","PartitionKey":"k"}]'],
  ['another member', '[{"Data":"QQ==","PartitionKey":"k","ExplicitHashKey":"1"}]'],
  ['an empty key', '[{"Data":"QQ==","PartitionKey":""}]'],
  ['a key that is too long', entry('QQ==', 'k'.repeat(257))],
  ['a name with an escape', '[{"\\u0044ata":"QQ==","PartitionKey":"k"}]'],
  ['a key with an escape', '[{"Data":"QQ==","PartitionKey":"\\u006b"}]'],
  ['a key beyond ASCII', entry('QQ==', 'é')],
  ['a line break', '[{"Data":"QQ==",\n"PartitionKey":"k"}]'],
  ['a comma too many', '[{"Data":"QQ==","PartitionKey":"k"},]'],
  ['null', '[{"Data":null,"PartitionKey":"k"}]'],
  ['five hundred and one', `[${Array(501).fill('{"Data":"","PartitionKey":"k"}').join()}]`],
])('a list with %s is left to the model', (_, list) => {
  expect(read(list)).toBeNull()
})

test('five hundred records are read, and nothing of them stays for the next ones', () => {
  const many = Array.from({ length: 500 }, (_, i) => ({
    Data: Buffer.from('x'.repeat(i)).toString('base64'),
    PartitionKey: 'k'.repeat(1 + (i % 256)),
  }))
  const lists = [JSON.stringify(many), entry('QQ=='), JSON.stringify(many.slice(400))]
  const all = lists.map((list) => read(list)!)
  for (const [i, records] of all.entries()) expect(comparable(records)).toEqual(packedByModel(lists[i]!))
})

test('a body that ends too early is not read on in the one before', () => {
  const body = bodyOf(entry('QUJDREVG', 'key'))
  const listEnd = listOf(body)!.end
  for (let end = body.indexOf('[') + 1; end < listEnd; end++) {
    expect(listOf(body)).not.toBeNull()
    expect(listOf(body.subarray(0, end))).toBeNull()
  }
})

test('a body is read up to its limit', () => {
  const list = (length: number) => bodyOf(entry('QUJD'.repeat(length / 4)))
  const most = PLAIN_BYTES_MAX - list(0).length
  const largest = list(most - (most % 4))
  expect(listOf(largest)!.records.largest).toBe(1 + ((most - (most % 4)) / 4) * 3)
  expect(listOf(list(most + 4))).toBeNull()
})
