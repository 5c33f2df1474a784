import { expect, test } from 'vitest'
import { FailedAttempts } from './failed-attempts.ts'
import { FAILURE_WARNING_INTERVAL_MS, FAILURES_KEPT_MAX, PROVEN_FOR_MS } from './limits.ts'

const PER_MINUTE = 10
const SECOND = 1_000
const CARTER = '192.0.2.1'
const STRANGER = '198.51.100.7'
const KEY = 'AKIACARTERCARTERCART'

/** Failures, at times that the test sets. */
function world() {
  const warnings: string[] = []
  const failures = new FailedAttempts(PER_MINUTE, (source, key) => warnings.push(`${source} ${key}`))
  let now = 1_000_000
  const begin = (address = CARTER, key = KEY) => failures.begin(address, key, now)
  const isHeldOff = (address?: string, key?: string) => {
    try {
      begin(address, key)
      return false
    } catch (error) {
      expect(error).toMatchObject({
        message: 'Rate exceeded',
        shape: { code: 'ThrottlingException', status: 400 },
      })
      return true
    }
  }
  /** Who isn't held off fails; says whether. */
  const fail = (address?: string, key?: string, isKnown = true) => {
    if (isHeldOff(address, key)) return false
    failures.failed(begin(address, key), isKnown)
    return true
  }
  return {
    warnings,
    isHeldOff,
    fail,
    /** How many of so many tries were looked at. */
    failTimes: (times: number, address?: string, key?: string, isKnown?: boolean) => {
      let looked = 0
      for (let i = 0; i < times; i++) if (fail(address, key, isKnown)) looked++
      return looked
    },
    succeed: (address?: string, key?: string) => failures.succeeded(begin(address, key)),
    pass: (milliseconds: number) => {
      now += milliseconds
    },
  }
}

test('an address that fails too often with a key is held off', () => {
  const { failTimes, isHeldOff } = world()
  expect(failTimes(1_000)).toBe(PER_MINUTE)
  expect(isHeldOff()).toBe(true)
})

test('failures run out one by one, so that who was held off waits no longer than for one', () => {
  const { failTimes, isHeldOff, pass } = world()
  failTimes(1_000)
  pass(6 * SECOND)
  expect(isHeldOff()).toBe(false)
  expect(failTimes(1_000)).toBe(1)
  pass(60 * SECOND)
  expect(failTimes(1_000)).toBe(PER_MINUTE)
})

test('a loop with a wrong secret keeps the right one out for seconds, and not at all once that was seen', () => {
  const { failTimes, isHeldOff, succeed, pass } = world()
  failTimes(1_000)
  let seconds = 0
  while (isHeldOff()) {
    pass(SECOND)
    seconds++
  }
  expect(seconds).toBeLessThanOrEqual(6)
  succeed()
  expect(failTimes(1_000)).toBe(1_000)
  expect(isHeldOff()).toBe(false)
})

test('who knows the id of a key holds off nobody but themselves', () => {
  const { failTimes, isHeldOff, fail } = world()
  for (let i = 0; i < 1_000; i++) failTimes(100, `198.51.${i % 250}.${Math.floor(i / 250)}`)
  expect(isHeldOff(CARTER)).toBe(false)
  // Its limit is used up, so that one failure of their own is one too many.
  expect(fail(CARTER)).toBe(true)
  expect(isHeldOff(CARTER)).toBe(true)
})

test('other keys at an address, and other addresses with a key, go on', () => {
  const { failTimes, isHeldOff } = world()
  failTimes(20)
  expect(isHeldOff()).toBe(true)
  expect(isHeldOff(CARTER, 'AKIAMILLERMILLERMILL')).toBe(false)
  expect(isHeldOff(STRANGER, KEY)).toBe(false)
})

test('all that fail behind one address are held off in the end, but for who signed rightly there', () => {
  const { failTimes, isHeldOff, succeed } = world()
  succeed(CARTER, 'AKIAMILLERMILLERMILL')
  let looked = 0
  for (let i = 0; i < 1_000; i++) looked += failTimes(1, CARTER, `AKIA${i}`, false)
  expect(looked).toBe(5 * PER_MINUTE)
  expect(isHeldOff(CARTER, KEY)).toBe(true)
  expect(isHeldOff(CARTER, 'AKIAMILLERMILLERMILL')).toBe(false)
  expect(isHeldOff(STRANGER, 'AKIA1')).toBe(false)
})

test('whoever has one address of IPv6 is held off at all of its network, and counted by it', () => {
  const { failTimes, isHeldOff } = world()
  for (let i = 0; i < 100; i++) failTimes(1, `2001:db8::${i.toString(16)}`)
  expect(isHeldOff('2001:db8::ffff')).toBe(true)
  expect(isHeldOff('2001:db8:0:1::1')).toBe(false)
})

test('having signed rightly is forgotten after a while', () => {
  const { failTimes, succeed, pass } = world()
  succeed()
  expect(failTimes(50)).toBe(50)
  pass(PROVEN_FOR_MS - 1)
  expect(failTimes(50)).toBe(50)
  succeed()
  pass(PROVEN_FOR_MS)
  expect(failTimes(50)).toBe(PER_MINUTE)
})

test('no number of failures makes the server forget who signed rightly', () => {
  const { failTimes, succeed, fail, isHeldOff } = world()
  succeed()
  for (let i = 0; i < 3 * FAILURES_KEPT_MAX; i++) fail(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
  failTimes(PER_MINUTE * 10)
  expect(isHeldOff()).toBe(false)
})

test('the operator is told of a source once in a while, and of its key where there is such a key', () => {
  const { failTimes, pass, warnings } = world()
  failTimes(1_000)
  expect(warnings).toEqual([`${CARTER} ${KEY}`])
  failTimes(1_000, STRANGER, 'AKIAUNKNOWN', false)
  expect(warnings).toEqual([`${CARTER} ${KEY}`, `${STRANGER} undefined`])
  pass(FAILURE_WARNING_INTERVAL_MS)
  failTimes(1_000)
  expect(warnings).toHaveLength(3)
})
