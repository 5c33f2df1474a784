import { expect, test } from 'vitest'
import { tick } from '../../test/http/test-listener.ts'
import { STREAMED_WRITE_BYTES } from './limits.ts'
import { type BodySink, type Ending, StreamedAnswer } from './streamed-answer.ts'

/** A body whose pieces the test gives, and that says what is asked of it. */
class Pieces implements AsyncIterableIterator<Uint8Array> {
  asked = 0
  returned = 0
  #waiting: { resolve: (result: IteratorResult<Uint8Array>) => void; reject: (error: Error) => void } | null =
    null

  next(): Promise<IteratorResult<Uint8Array>> {
    this.asked++
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }
  async return(): Promise<IteratorResult<Uint8Array>> {
    this.returned++
    return { done: true, value: undefined }
  }
  [Symbol.asyncIterator]() {
    return this
  }
  give(value: Uint8Array): void {
    this.#waiting?.resolve({ done: false, value })
  }
  end(): void {
    this.#waiting?.resolve({ done: true, value: undefined })
  }
  fail(error: Error): void {
    this.#waiting?.reject(error)
  }
}

/** A sink that has room as long as the test says so. */
class Sink implements BodySink {
  readonly written: Uint8Array[] = []
  readonly ways: string[] = []
  hasRoom = true
  listeners: (() => void)[] = []
  write(bytes: Uint8Array): boolean {
    this.written.push(bytes)
    return this.hasRoom
  }
  onDrain(listener: () => void): () => void {
    this.listeners.push(listener)
    return () => {
      this.listeners = this.listeners.filter((each) => each !== listener)
    }
  }
  drain(): void {
    for (const listener of this.listeners) listener()
  }
  end(): void {
    this.ways.push('end')
  }
  reset(): void {
    this.ways.push('reset')
  }
}

function begin(unreadTimeoutMs = 60_000) {
  const body = new Pieces()
  const sink = new Sink()
  const endings: [Ending, number][] = []
  const over = (ending: Ending, bodyBytes: number) => endings.push([ending, bodyBytes])
  const answer = new StreamedAnswer({ body, sink, unreadTimeoutMs, over })
  answer.start()
  return { body, sink, endings, answer }
}

test('pieces are written as they come, and the end is the end', async () => {
  const { body, sink, endings } = begin()
  body.give(Buffer.of(1, 2))
  await tick()
  expect(sink.written).toEqual([Buffer.of(1, 2)])
  expect(body.asked).toBe(2)
  body.end()
  await tick()
  expect(sink.ways).toEqual(['end'])
  expect(endings).toEqual([[{ kind: 'whole' }, 2]])
  expect(body.returned).toBe(0)
})

test('the next piece is not asked for before the client has taken the one before', async () => {
  const { body, sink } = begin()
  sink.hasRoom = false
  body.give(Buffer.of(1))
  await tick()
  expect(body.asked).toBe(1)
  sink.drain()
  await tick()
  expect(body.asked).toBe(2)
  expect(sink.listeners).toEqual([])
})

test('a large piece is written in parts, each when there is room', async () => {
  const { body, sink } = begin()
  sink.hasRoom = false
  body.give(new Uint8Array(2 * STREAMED_WRITE_BYTES + 1))
  await tick()
  expect(sink.written.map(({ length }) => length)).toEqual([STREAMED_WRITE_BYTES])
  sink.drain()
  await tick()
  sink.drain()
  await tick()
  expect(sink.written.map(({ length }) => length)).toEqual([STREAMED_WRITE_BYTES, STREAMED_WRITE_BYTES, 1])
  expect(body.asked).toBe(1)
})

test('a client that leaves while nothing comes ends the body at once', async () => {
  const { body, sink, endings, answer } = begin()
  answer.leave()
  expect(body.returned).toBe(1)
  expect(sink.ways).toEqual(['reset'])
  expect(endings).toEqual([[{ kind: 'left' }, 0]])
  body.give(Buffer.of(1))
  await tick()
  expect(sink.written).toEqual([])
})

test('a client that leaves while it doesn’t read ends the body at once', async () => {
  const { body, sink, answer } = begin()
  sink.hasRoom = false
  body.give(new Uint8Array(2 * STREAMED_WRITE_BYTES))
  await tick()
  answer.leave()
  await tick()
  expect(body.returned).toBe(1)
  expect(sink.written.length).toBe(1)
  expect(sink.listeners).toEqual([])
})

test('finishing ends the body and the answer, once', async () => {
  const { body, sink, endings, answer } = begin()
  body.give(Buffer.of(1))
  await tick()
  answer.finish()
  answer.finish()
  answer.leave()
  expect(body.returned).toBe(1)
  expect(sink.ways).toEqual(['end'])
  expect(endings).toEqual([[{ kind: 'whole' }, 1]])
})

test('finishing lets a piece that is being written come to its end', async () => {
  const { body, sink, endings, answer } = begin()
  sink.hasRoom = false
  body.give(new Uint8Array(STREAMED_WRITE_BYTES + 1))
  await tick()
  answer.finish()
  expect(body.returned).toBe(1)
  expect(sink.ways).toEqual([])
  sink.hasRoom = true
  sink.drain()
  await tick()
  expect(sink.ways).toEqual(['end'])
  expect(endings).toEqual([[{ kind: 'whole' }, STREAMED_WRITE_BYTES + 1]])
  expect(body.asked).toBe(1)
})

test('a body that fails cuts the answer off', async () => {
  const { body, sink, endings } = begin()
  const error = new Error('a defect')
  body.fail(error)
  await tick()
  expect(sink.ways).toEqual(['reset'])
  expect(endings).toEqual([[{ kind: 'failed', error }, 0]])
})

test('a client that doesn’t read for too long is cut off', async () => {
  const { body, sink, endings } = begin(5)
  sink.hasRoom = false
  body.give(Buffer.of(1))
  while (endings.length === 0) await tick()
  expect(endings).toEqual([[{ kind: 'unread' }, 1]])
  expect(sink.ways).toEqual(['reset'])
  expect(body.returned).toBe(1)
})

test('a client that reads in time is not cut off later', async () => {
  const { body, sink, endings } = begin(20)
  sink.hasRoom = false
  body.give(Buffer.of(1))
  await tick()
  sink.drain()
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(endings).toEqual([])
  expect(body.returned).toBe(0)
})

test('what a body says when it is ended is of no use to anyone', async () => {
  const { body, endings, answer } = begin()
  body.return = () => Promise.reject(new Error('too late'))
  answer.leave()
  await tick()
  expect(endings.length).toBe(1)
})
