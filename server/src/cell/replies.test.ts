import { expect, test } from 'vitest'
import { Replies } from './replies.ts'

test('an answer is let go of when its frame is durable, not before, in the order of the answers', () => {
  const replies = new Replies()
  const settled: string[] = []
  for (const [frame, name] of [
    [1, 'a'],
    [1, 'b'],
    [2, 'c'],
    [4, 'd'],
  ] as const) {
    replies.hold(frame, () => settled.push(name))
  }
  replies.release(0)
  expect(settled).toEqual([])
  replies.release(1)
  expect(settled).toEqual(['a', 'b'])
  replies.release(3)
  expect(settled).toEqual(['a', 'b', 'c'])
  expect(replies.size).toBe(1)
  replies.release(4)
  expect(settled).toEqual(['a', 'b', 'c', 'd'])
  expect(replies.size).toBe(0)
})

test('none is lost or let go of twice, however many are held back', () => {
  const replies = new Replies()
  const settled: number[] = []
  for (let frame = 0; frame < 5000; frame++) {
    replies.hold(frame, () => settled.push(frame))
    // Always a few hundred behind.
    if (frame % 7 === 0) replies.release(frame - 300)
    expect(replies.size).toBe(frame + 1 - settled.length)
  }
  replies.release(5000)
  expect(settled).toEqual(Array.from({ length: 5000 }, (_, frame) => frame))
})
