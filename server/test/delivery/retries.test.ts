import { afterEach, expect, test } from 'vitest'
import { HttpTransport } from '../../src/delivery/http-transport.ts'
import type { Outcome } from '../../src/delivery/transport.ts'
import {
  effectiveSubscriptionPolicy,
  parseSubscriptionDeliveryPolicy,
  parseTopicDeliveryPolicy,
} from '../../src/services/sns/delivery-policy.ts'
import { delayBeforeHttpRetry } from '../../src/services/sns/retry-schedule.ts'
import { HeldTimers } from './held-timers.ts'
import { answer, type Behaviour, HttpPeer, reset } from './http-peer.ts'
import { delivery } from './test-delivery.ts'

/** How transports and policies go together: what a deliverer does with one message, its waits written down instead of waited. */
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function pushTo(policies: { topic?: string; own?: string }, ...script: Behaviour[]) {
  const peer = await HttpPeer.start(...script)
  cleanups.push(() => peer.stop())
  const resolveName = async () => []
  const transport = new HttpTransport({ timers: new HeldTimers(), allowPrivate: true, resolveName })
  cleanups.push(() => transport.close())
  const { healthyRetryPolicy, requestPolicy } = effectiveSubscriptionPolicy(
    policies.own === undefined ? undefined : parseSubscriptionDeliveryPolicy(policies.own),
    policies.topic === undefined ? undefined : parseTopicDeliveryPolicy(policies.topic),
  )
  const waits: number[] = []
  let outcome: Outcome
  for (let attempt = 1; ; attempt++) {
    const what = { ...delivery(peer.url), contentType: requestPolicy.headerContentType }
    outcome = await transport.deliver(what, new AbortController().signal)
    const wait =
      outcome.ok || !outcome.retryable ? undefined : delayBeforeHttpRetry(healthyRetryPolicy, attempt)
    if (wait === undefined) return { outcome, waits, requests: peer.requests }
    waits.push(wait / 1_000)
  }
}

test('an endpoint that recovers gets the notification after the waits that AWS makes', async () => {
  const { outcome, waits, requests } = await pushTo(
    {},
    ...[answer(503, '', 'connection: close\r\n'), reset, answer(429), answer(200)],
  )
  expect(outcome).toEqual({ ok: true })
  expect(waits).toEqual([20, 20, 20])
  expect(requests).toHaveLength(4)
  expect(new Set(requests.map((request) => /message-id: (\S+)/.exec(request)?.[1])).size).toBe(1)
})

test('an endpoint that stays down is given up when the policy is exhausted', async () => {
  const own =
    '{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":4,"numRetries":4,"numNoDelayRetries":1}}'
  const { outcome, waits, requests } = await pushTo({ own }, answer(500))
  expect(outcome).toMatchObject({ ok: false, status: 500 })
  expect(waits).toEqual([0, 1, 2.5, 4])
  expect(requests).toHaveLength(5)
})

test('what the endpoint refuses is not tried again', async () => {
  const { waits, requests } = await pushTo({}, answer(403))
  expect(waits).toEqual([])
  expect(requests).toHaveLength(1)
})

test('the content type is the one of the policy', async () => {
  const topic = '{"http":{"defaultRequestPolicy":{"headerContentType":"application/json"}}}'
  const { requests } = await pushTo({ topic }, answer(200))
  expect(requests[0]).toContain('Content-Type: application/json\r\n')
})
