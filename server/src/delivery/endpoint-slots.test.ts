import { expect, test } from 'vitest'
import { EndpointSlots, type ReleaseSlot } from './endpoint-slots.ts'

const slots = (perEndpointMax = 4, totalMax = 100) =>
  new EndpointSlots({ perEndpointMax, totalMax, rememberedMax: 100 })
const NEVER = new AbortController().signal

/** Asks for a place, and says at any time whether it was given. */
function ask(from: EndpointSlots, endpoint: string, signal = NEVER) {
  const asked: { state: 'waiting' | 'started' | 'given up'; release: ReleaseSlot } = {
    state: 'waiting',
    release: () => {},
  }
  from.acquire(endpoint, signal).then((release) => {
    asked.state = release === undefined ? 'given up' : 'started'
    if (release !== undefined) asked.release = release
  })
  return asked
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
const started = (all: readonly { state: string }[]) => all.filter(({ state }) => state === 'started').length

test('an endpoint has so many attempts at once, whatever others do', async () => {
  const from = slots(2)
  const dead = Array.from({ length: 5 }, () => ask(from, 'dead'))
  const other = ask(from, 'other')
  await settle()
  expect(started(dead)).toBe(2)
  expect(other.state).toBe('started')
  dead[0]!.release(true)
  await settle()
  expect(dead.map(({ state }) => state)).toEqual(['started', 'started', 'started', 'waiting', 'waiting'])
})

test('an endpoint that does not answer gets one attempt at a time, until it answers', async () => {
  const from = slots(4)
  const first = Array.from({ length: 4 }, () => ask(from, 'e'))
  await settle()
  for (const each of first) each.release(false)
  const next = Array.from({ length: 8 }, () => ask(from, 'e'))
  await settle()
  expect(started(next)).toBe(1)
  next[0]!.release(false)
  await settle()
  expect(started(next)).toBe(2)
  next[1]!.release(true)
  await settle()
  expect(started(next)).toBe(4)
  next[2]!.release(true)
  await settle()
  expect(started(next)).toBe(7)
})

test('it is remembered of an endpoint that is let alone', async () => {
  const from = slots(4)
  const first = ask(from, 'e')
  await settle()
  first.release(false)
  await settle()
  const next = Array.from({ length: 3 }, () => ask(from, 'e'))
  await settle()
  expect(started(next)).toBe(1)
})

test('where all places are taken, endpoints take turns', async () => {
  const from = slots(4, 2)
  const many = Array.from({ length: 4 }, () => ask(from, 'many'))
  const few = ask(from, 'few')
  await settle()
  expect([started(many), few.state]).toEqual([2, 'waiting'])
  many[0]!.release(true)
  await settle()
  many[1]!.release(true)
  await settle()
  expect(few.state).toBe('started')
  expect(from.underWay).toBe(2)
})

test('who gives up leaves the line, and takes no place', async () => {
  const from = slots(1)
  const first = ask(from, 'e')
  const gone = new AbortController()
  const second = ask(from, 'e', gone.signal)
  const third = ask(from, 'e')
  await settle()
  gone.abort()
  await settle()
  expect(second.state).toBe('given up')
  first.release(true)
  await settle()
  expect(third.state).toBe('started')
  third.release(true)
  expect(from.underWay).toBe(0)
  const late = ask(from, 'e', gone.signal)
  await settle()
  expect(late.state).toBe('given up')
})

test('giving up while all places are taken leaves nothing behind', async () => {
  const from = slots(1, 1)
  const first = ask(from, 'a')
  const gone = new AbortController()
  const second = ask(from, 'b', gone.signal)
  await settle()
  gone.abort()
  await settle()
  expect(second.state).toBe('given up')
  const third = ask(from, 'b')
  first.release(true)
  await settle()
  expect(third.state).toBe('started')
})
