import { connect } from 'node:net'
import fc from 'fast-check'
import { beforeEach, expect } from 'vitest'
import { start, statusesOf } from '../http/test-listener.ts'
import { fuzz } from './fuzz.ts'
import { mutatedBytes } from './mutated-text.ts'

/**
 * Bytes on a connection: whatever they are, what comes back is HTTP, none of it a failure of ours, and the connection ends within the limits
 * after the client has ended it. That what is read here means to `node:http` just the same is held by plain-head.test.ts.
 */

let listening: Awaited<ReturnType<typeof start>>
beforeEach(async () => {
  listening = await start({
    ...{ headersTimeoutMs: 1_000, requestTimeoutMs: 1_000, timeoutCheckIntervalMs: 100 },
    // In HTTP/2 a connection that was refused a frame which can't be lies idle until then.
    keepAliveTimeoutMs: 1_000,
  })
})

const ENDS_WITHIN_MS = 10_000
const POST =
  'POST /a?b=c HTTP/1.1\r\nHost: a:1\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nContent-Length: 5\r\n\r\nhello'
const SAMPLES = [
  POST,
  POST + POST,
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx',
  'GET http://a/b HTTP/1.0\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
].map((text) => Buffer.from(text, 'latin1'))

/** What came back until the server ended the connection. */
function exchange(pieces: readonly Uint8Array[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port, address } = listening.address
    const socket = connect({ port, host: address, allowHalfOpen: true })
    let received = ''
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the connection did not end; after ${JSON.stringify(received)}`))
    }, ENDS_WITHIN_MS)
    socket.on('data', (piece: Buffer) => {
      received += piece.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(received)
    })
    socket.on('end', () => socket.end())
    for (const piece of pieces) socket.write(piece)
    socket.end()
  })
}

/** Cut in up to three, as they may come. */
const pieces = fc.tuple(mutatedBytes(SAMPLES), fc.array(fc.nat(), { maxLength: 2 })).map(([bytes, cuts]) => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
})

fuzz('bytes on a connection are answered in HTTP, or not at all', 500, pieces, async (sent) => {
  const received = await exchange(sent)
  if (received !== '' && !received.startsWith('HTTP/1.1 ')) {
    // The frame of settings is the first that a server sends in HTTP/2.
    expect(received.charCodeAt(3)).toBe(4)
  }
  for (const status of statusesOf(received)) expect(Number(status)).toBeLessThan(500)
  expect(listening.log.failures).toEqual([])
})
