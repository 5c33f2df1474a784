import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LentReads } from './lent-reads.ts'

let server: Server
let client: Socket
let socket: Socket

beforeEach(async () => {
  server = createServer({ allowHalfOpen: true })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket = (await once(server, 'connection'))[0] as Socket
})

afterEach(() => {
  client.destroy()
  socket.destroy()
  server.close()
})

/** Sends a text and resolves when `received` has grown to all of it. */
async function sent(text: string, received: () => string): Promise<void> {
  client.write(text, 'latin1')
  while (!received().endsWith(text)) await new Promise((resolve) => setImmediate(resolve))
}

test('what is read is lent: on this version of Node every read lies at the same place', async () => {
  const places = new Set<ArrayBufferLike>()
  let received = ''
  new LentReads().begin(socket, (bytes) => {
    places.add(bytes.buffer)
    expect(bytes.byteOffset).toBe(0)
    received += bytes.toString('latin1')
  })
  socket.resume()
  await sent('first', () => received)
  await sent('2nd', () => received)
  expect(received).toBe('first2nd')
  expect(places.size).toBe(1)
})

test('a paused socket gives nothing until it is resumed, and its end comes after all that was sent', async () => {
  let received = ''
  new LentReads().begin(socket, (bytes) => {
    received += bytes.toString('latin1')
    socket.pause()
  })
  socket.resume()
  await sent('one', () => received)
  client.end('two')
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  expect(received).toBe('one')
  socket.resume()
  while (received === 'one') await new Promise((resolve) => setImmediate(resolve))
  await once(socket.resume(), 'end')
  expect(received).toBe('onetwo')
})

test('after lending the socket emits what it reads, in memory that is not read into again', async () => {
  const lent: string[] = []
  const kept: Buffer[] = []
  const text = () => Buffer.concat(kept).toString('latin1')
  const end = new LentReads().begin(socket, (bytes) => lent.push(bytes.toString('latin1')))
  socket.resume()
  await sent('lent', () => lent.join(''))
  end()
  socket.on('data', (bytes) => kept.push(bytes))
  await sent('first', text)
  await sent('other', text)
  expect(kept.map(String)).toEqual(['first', 'other'])
  expect(lent).toEqual(['lent'])
})

test('a slow listener holds the client up as ever', async () => {
  new LentReads().begin(socket, () => {})()
  let read = 0
  socket.pause()
  const piece = Buffer.alloc(1024 * 1024)
  for (let i = 0; i < 64; i++) client.write(piece)
  for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve))
  expect(socket.bytesRead).toBeLessThan(32 * piece.length)
  socket.on('data', (bytes) => {
    read += bytes.length
  })
  socket.resume()
  while (read < 64 * piece.length) await new Promise((resolve) => setImmediate(resolve))
})

test('what is no socket of Node’s is read the ordinary way', () => {
  const stream = new PassThrough()
  const received: string[] = []
  const end = new LentReads().begin(stream as unknown as Socket, (bytes) => received.push(String(bytes)))
  stream.emit('data', Buffer.from('one'))
  end()
  stream.emit('data', Buffer.from('two'))
  expect(received).toEqual(['one'])
})

test('a socket that is closed already is left as it is', async () => {
  socket.destroy()
  const received: string[] = []
  new LentReads().begin(socket, (bytes) => received.push(String(bytes)))
  socket.emit('data', Buffer.from('left'))
  expect(received).toEqual(['left'])
})
