import fc from 'fast-check'
import { test } from 'vitest'
import { LIMITED, testAgainstModel } from './model-properties.ts'
import { DEAD_LETTER_QUEUES, movingOperation, operation } from './operations.ts'
import { runOperations } from './run-operations.ts'

testAgainstModel({ what: 'a queue', operation, run: runOperations })

test('every message is in one queue, and one only, while tasks move dead letters about', () => {
  fc.assert(
    fc.property(fc.array(movingOperation, { maxLength: 60, size: 'max' }), (list) => {
      runOperations([...DEAD_LETTER_QUEUES, ...list])
    }),
    { numRuns: 300, ...LIMITED },
  )
}, 60_000)

test('a receive that was postponed is not undone once more by a receipt that nobody was given', () => {
  const undo = (bend: 'none' | 'next receive') =>
    ({ kind: 'undo', queue: 0, receipts: [{ back: 0, bend }], hide: 30 }) as const
  const message = { delaySeconds: undefined, large: false, group: undefined }
  runOperations([
    { kind: 'send', queue: 0, messages: [message] },
    { kind: 'receive', queue: 0, limit: 1, hide: undefined },
    undo('none'),
    undo('next receive'),
  ])
})
