import { connect as connectHttp2 } from 'node:http2'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { TestAuthority } from '../../test/http/test-authority.ts'
import { closings, startWith, tick, UNUSUAL, Wire } from '../../test/http/test-listener.ts'
import type { ResponseSink, WireResponse } from '../protocol/wire.ts'
import { AnswerMemory } from './answer-memory.ts'
import { ANSWER_MEMORY_BYTES } from './limits.ts'
import type { HttpRequest, RequestHandler } from './request-handler.ts'

/** Answers with as many bytes as the path says, which it overwrites as soon as they are taken. */
class Lender implements RequestHandler {
  handle({ path, query }: HttpRequest, sink: ResponseSink): void {
    const body = new Uint8Array(Number(path.slice(1))).fill(query.charCodeAt(0))
    sink.take({ status: 200, headers: {}, body, isLent: true })
    body.fill(0x21)
  }

  refuse(_request: HttpRequest, error: Error): WireResponse {
    return { status: 503, headers: {}, body: error.message }
  }
}

const HEAD_ROOM = 1024
const SIZES = [0, 1, 5000, ANSWER_MEMORY_BYTES - HEAD_ROOM, ANSWER_MEMORY_BYTES, 3 * 1024 * 1024]
const get = (bytes: number, letter: string, fields = '') =>
  `GET /${bytes}?${letter} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`

/** What follows the heads of answers that came one after the other. */
function bodiesIn(received: string): readonly string[] {
  const bodies: string[] = []
  for (let at = 0; at < received.length; ) {
    const end = received.indexOf('\r\n\r\n', at) + 4
    const bytes = Number(/content-length: (\d+)/i.exec(received.slice(at, end))?.[1])
    bodies.push(received.slice(end, end + bytes))
    at = end + bytes
  }
  return bodies
}

test.each([
  ['a plain', '', false],
  ['another', UNUSUAL, false],
  ['a secure', '', true],
  ['another secure', UNUSUAL, true],
])('a body that is lent arrives as it was, on %s connection', async (_kind, fields, isSecure) => {
  const authority = await TestAuthority.create()
  const certificate = await authority.issue({ dns: ['mill.test'], ip: ['127.0.0.1'] })
  const tls = isSecure ? { tls: { ...certificate, minVersion: 'TLSv1.2' as const } } : {}
  const { address } = await startWith(new Lender(), {}, tls)
  const trust = { ca: authority.certificate, servername: 'mill.test' }
  const wire = new Wire(address, isSecure ? trust : null)
  for (const [i, bytes] of SIZES.entries()) {
    const isLast = i === SIZES.length - 1
    wire.write(get(bytes, 'abcdef'[i]!, isLast ? `${fields}Connection: close\r\n` : fields))
  }
  const bodies = bodiesIn(await wire.end())
  expect(bodies.map(({ length }) => length)).toEqual(SIZES)
  for (const [i, body] of bodies.entries()) {
    expect(body === 'abcdef'[i]!.repeat(SIZES[i]!)).toBe(true)
  }
})

test('a body that is lent arrives as it was, over HTTP/2', async () => {
  const { address } = await startWith(new Lender())
  const http2 = connectHttp2(`http://127.0.0.1:${address.port}`)
  closings.push(async () => http2.destroy())
  const bodies = await Promise.all(
    SIZES.map(async (bytes, i) => {
      const stream = http2.request({ ':path': `/${bytes}?${'abcdef'[i]}` })
      let body = ''
      for await (const piece of stream.setEncoding('latin1')) body += piece
      return body === 'abcdef'[i]!.repeat(bytes)
    }),
  )
  expect(bodies).toEqual(SIZES.map(() => true))
})

test('answers that wait for a client to read stay as they were, while others are given out', async () => {
  const { address } = await startWith(new Lender())
  const bytes = 20_000
  const idlers = await Promise.all(
    Array.from({ length: 3 }, async (_, i) => {
      const idler = new Wire(address)
      idler.socket.pause()
      // More than the system holds for a client that reads nothing.
      for (let n = 0; n < 600; n++) idler.write(get(bytes, 'abc'[i]!))
      return idler
    }),
  )
  const reader = new Wire(address)
  for (let n = 0; n < 50; n++) {
    reader.write(get(bytes, 'x'))
    await tick()
  }
  reader.write(get(bytes, 'x', 'Connection: close\r\n'))
  expect(bodiesIn(await reader.end()).every((body) => body === 'x'.repeat(bytes))).toBe(true)
  for (const [i, idler] of idlers.entries()) {
    idler.write(get(bytes, 'abc'[i]!, 'Connection: close\r\n'))
    idler.socket.resume()
    const bodies = bodiesIn(await idler.end())
    expect(bodies.length).toBe(601)
    expect(bodies.every((body) => body === 'abc'[i]!.repeat(bytes))).toBe(true)
  }
})

test('memory that the system has not done with is not used again', () => {
  const written: Buffer[] = []
  const socketWith = (left: number) =>
    Object.assign(Object.create(Socket.prototype, { writableLength: { value: left } }), {
      write: (bytes: Buffer) => written.push(bytes),
    })
  const memory = new AnswerMemory()
  for (const left of [0, 7, 0]) memory.write(socketWith(left), 'head ', Buffer.from(`body ${left}`))
  const [first, second, third] = written as [Buffer, Buffer, Buffer]
  expect(first.buffer).toBe(second.buffer)
  expect(third.buffer).not.toBe(second.buffer)
  expect(second.toString()).toBe('head body 7')
})
