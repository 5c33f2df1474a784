import { expect, test } from 'vitest'
import type { Happening } from '../services/sqs/state/observed-sqs-state.ts'
import { encodeOne } from '../services/sqs/test-messages.ts'
import { Histories } from './histories.ts'

const address = (name: string) => ({ accountId: '000000000000', region: 'us-east-1', name })

function bodyOf(text: string): Uint8Array {
  return encodeOne({
    ...{ id: new Uint8Array(16), text, senderId: 'sender', attributes: [] },
    ...{ traceHeader: undefined, groupId: undefined, deduplicationId: undefined },
  }).bytes
}

function happening(bodies: Happening['bodies'], more: Partial<Happening> = {}): Happening {
  const message = { incarnation: 1, slot: 0, sentAt: 5, firstReceivedAt: 0, receiveCount: 0 }
  const history = { ...message, deadLetterSource: null, redrives: 0, origin: null }
  return { kind: 'sent', at: 7, queue: address('q'), to: null, messages: [history], bodies, ...more }
}

const at = (text: string, more: Partial<Happening> = {}) => happening(() => [bodyOf(text)], more)

function rig() {
  const histories = new Histories(
    { entries: 10, bytes: 1000 },
    {
      readLanded: () => Promise.reject(new Error('nothing landed')),
    },
  )
  const texts = (name = 'q') => histories.of(address(name)).map(({ message }) => message.body)
  return { histories, texts }
}

test('what was noted is told at once to those who ask, and in a moment to those who listen', async () => {
  const { histories, texts } = rig()
  const heard: string[] = []
  const stop = histories.listen(address('q'), ({ message }) => heard.push(message.body))
  histories.note(at('one'))
  expect(heard).toEqual([])
  await Promise.resolve()
  expect(heard).toEqual(['one'])
  histories.note(at('two'))
  expect(texts()).toEqual(['one', 'two'])
  stop()
  histories.note(at('three'))
  expect(texts()).toEqual(['one', 'two', 'three'])
  expect(heard).toEqual(['one', 'two'])
})

test('what has to be read first keeps its place in the order', async () => {
  const { histories, texts } = rig()
  let read: (bodies: Uint8Array[]) => void = () => {}
  histories.note(happening(() => new Promise((resolve) => (read = resolve))))
  histories.note(at('second'))
  expect(texts()).toEqual([])
  read([bodyOf('first')])
  await new Promise((resolve) => setImmediate(resolve))
  expect(texts()).toEqual(['first', 'second'])
})

test('what is lost, or can not be read, is left out, and the rest is told', async () => {
  const { histories, texts } = rig()
  histories.note(happening(() => Promise.reject(new Error('purged'))))
  histories.note(happening(() => [null]))
  histories.note(at('left'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(texts()).toEqual(['left'])
})

test('a message that changes queues is told of both, and no other', () => {
  const { histories, texts } = rig()
  histories.note(at('moved', { kind: 'deadLettered', to: address('dead') }))
  expect([texts('q'), texts('dead'), texts('other')]).toEqual([['moved'], ['moved'], []])
  const elsewhere = { ...address('q'), region: 'eu-west-1' }
  expect(histories.of(elsewhere)).toEqual([])
})

test('who waits to catch up waits for what was noted before, and not for what comes after', async () => {
  const { histories, texts } = rig()
  expect(histories.caughtUp()).toBeNull()
  let read: (bodies: Uint8Array[]) => void = () => {}
  histories.note(happening(() => new Promise((resolve) => (read = resolve))))
  const caughtUp = histories.caughtUp()
  histories.note(happening(() => new Promise(() => {})))
  expect(texts()).toEqual([])
  read([bodyOf('first')])
  await caughtUp
  expect(texts()).toEqual(['first'])
})

test('what is being read while everything is forgotten is forgotten too', async () => {
  const { histories, texts } = rig()
  let read: (bodies: Uint8Array[]) => void = () => {}
  histories.note(happening(() => new Promise((resolve) => (read = resolve))))
  histories.note(at('second'))
  const cleared = histories.clear()
  read([bodyOf('first')])
  await cleared
  expect(texts()).toEqual([])
})

test('after a clearing nothing is known of before, and those who listened still hear', async () => {
  const { histories, texts } = rig()
  const heard: string[] = []
  histories.listen(address('q'), ({ message }) => heard.push(message.body))
  histories.note(at('before'))
  await histories.clear()
  expect(texts()).toEqual([])
  histories.note(at('after'))
  expect(texts()).toEqual(['after'])
  expect(heard).toEqual(['before', 'after'])
})

test('each queue has a history of limited length', () => {
  const { histories, texts } = rig()
  for (let i = 0; i < 25; i++) histories.note(at(`m${i}`))
  histories.note(at('other', { queue: address('r') }))
  expect(texts()).toEqual(Array.from({ length: 10 }, (_, i) => `m${i + 15}`))
  histories.note(at('x'.repeat(998)))
  expect(texts()).toEqual(['x'.repeat(998)])
  expect(texts('r')).toEqual(['other'])
})
