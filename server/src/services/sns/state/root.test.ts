import { encode as encodeCbor } from 'cborg'
import { expect, test } from 'vitest'
import { Units } from '../../../core/units.ts'
import { SnsState } from './sns-state.ts'

const restored = (record: object): SnsState => {
  const units = new Units()
  const state = new SnsState(units, { release: () => {}, read: () => [], wake: () => {} })
  state.restore(new Map([[state.number, encodeCbor(record)]]), units)
  return state
}

const first = { version: 1, nextTopic: 7, nextSubscription: 9, topics: new Uint8Array(0) }

test('a snapshot from before there was anything but topics is read', () => {
  const state = restored(first)
  const command = { service: 'sns', kind: 'listPlatformApplications', accountId: 'a', region: 'r' }
  const nothing = { now: 0 } as never
  const all = { ...command, after: '', limit: 10 }
  expect(state.execute(all, nothing)).toEqual({ applications: [], next: null })
})

test('a snapshot of a later version is refused', () => {
  expect(() => restored({ ...first, version: 3 })).toThrow('this build reads up to 2')
})
