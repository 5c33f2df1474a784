import { createSocket, type Socket } from 'node:dgram'
import type { LookupAddress } from 'node:dns'
import { afterEach, expect, test } from 'vitest'
import { NameServers, PrivateAddressError, publicLookup } from '../../src/delivery/name-resolution.ts'

const A = 1
const AAAA = 28
const NAME_ERROR = 3
let server: Socket | undefined
afterEach(() => {
  server?.close()
  server = undefined
})

/** Addresses as bytes, the name's absence as 'unknown', or no answer at all. */
type Answers = (type: number) => Uint8Array | 'unknown' | 'none'

/** A name server on loopback that says the same of every name. */
async function nameServer(answers: Answers): Promise<NameServers> {
  const socket = createSocket('udp4')
  server = socket
  socket.on('message', (query, { port }) => {
    const end = query.indexOf(0, 12) + 5
    const question = query.subarray(12, end)
    const answer = answers(question.readUInt16BE(question.length - 4))
    if (answer === 'none') return
    const header = Buffer.from(query.subarray(0, 12))
    header.writeUInt16BE(answer === 'unknown' ? 0x8180 | NAME_ERROR : 0x8180, 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(answer === 'unknown' || answer.length === 0 ? 0 : 1, 6)
    header.writeUInt32BE(0, 8)
    if (answer === 'unknown' || answer.length === 0)
      return socket.send(Buffer.concat([header, question]), port, '127.0.0.1')
    const record = Buffer.alloc(12)
    record.writeUInt16BE(0xc00c, 0)
    record.writeUInt16BE(answer.length === 4 ? A : AAAA, 2)
    record.writeUInt16BE(1, 4)
    record.writeUInt32BE(60, 6)
    record.writeUInt16BE(answer.length, 10)
    socket.send(Buffer.concat([header, question, record, answer]), port, '127.0.0.1')
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return new NameServers({ queryMs: 50, tries: 1, servers: [`127.0.0.1:${socket.address().port}`] })
}

test('addresses of both families are found', async () => {
  const names = await nameServer((type) =>
    type === A ? Uint8Array.of(192, 0, 2, 7) : Uint8Array.from([0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 7]),
  )
  expect(await names.resolve('mill.example')).toEqual(['192.0.2.7', '2001:db8::7'])
})

test('one family is enough', async () => {
  const names = await nameServer((type) => (type === A ? Uint8Array.of(192, 0, 2, 7) : Uint8Array.of()))
  expect(await names.resolve('mill.example')).toEqual(['192.0.2.7'])
})

test('what name servers do not know may be in the hosts file', async () => {
  const names = await nameServer(() => 'unknown')
  const found = await Promise.all([names.resolve('localhost'), names.resolve('localhost')])
  for (const addresses of found) expect(addresses.join()).toMatch(/127\.0\.0\.1|::1/)
})

test('where name servers are silent nobody else is asked', async () => {
  const names = await nameServer(() => 'none')
  await expect(names.resolve('localhost')).rejects.toThrow('ETIMEOUT')
})

/** What a connection is told. */
function look(addresses: readonly string[], allowPrivate: boolean, all = true): Promise<unknown> {
  const lookup = publicLookup(async () => addresses, allowPrivate)
  return new Promise((resolve, reject) => {
    lookup('mill.example', { all }, (error, found: string | LookupAddress[], family) =>
      error === null ? resolve(all ? found : [found, family]) : reject(error),
    )
  })
}

test('of a name that leads to public and to private addresses only the public ones are tried', async () => {
  const addresses = ['127.0.0.1', '8.8.8.8', '::1', '2606:4700::1', 'fe80::1']
  expect(await look(addresses, false)).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1', family: 6 },
  ])
  expect(await look(addresses, false, false)).toEqual(['8.8.8.8', 4])
  expect(await look(['127.0.0.1'], true, false)).toEqual(['127.0.0.1', 4])
})

test('a name that leads to private addresses alone leads nowhere', async () => {
  await expect(look(['127.0.0.1', '::1'], false)).rejects.toThrow(PrivateAddressError)
  await expect(look([], true)).rejects.toThrow('the name has no address')
})
