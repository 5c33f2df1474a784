import { expect, test } from 'vitest'
import { runFilterWorkload } from './filter-workload.ts'

test.each([
  ['MessageBody', null],
  ['MessageBody', 10],
  ['MessageBody', 3000],
  ['MessageAttributes', null],
  ['MessageAttributes', 10],
  ['MessageAttributes', 3000],
] as const)(
  '%s, %s subscriptions: every message finds its one subscription, and is counted',
  (scope, subscriptions) => {
    const lap = runFilterWorkload({ scope, subscriptions, warmUpSeconds: 0, seconds: 0.01 })
    expect(lap.messages % (subscriptions === 10 ? 10 : 1000)).toBe(0)
    expect(lap.messages).toBeGreaterThan(0)
  },
)
