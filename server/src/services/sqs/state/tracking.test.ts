import { expect, test } from 'vitest'
import { Units } from '../../../core/units.ts'
import { DELAYED, FREE, IN_FLIGHT, NO_PAST, RETURNED, Tracking } from './tracking.ts'

function newTracking() {
  const units = new Units()
  const grown: number[] = []
  const tracking: Tracking = new Tracking(units, () => grown.push(tracking.pageUnits().length))
  return { units, tracking, grown }
}

test('an entry holds what it was given, and no other entry does', () => {
  const { tracking } = newTracking()
  const entries = Array.from({ length: 1500 }, (_, i) => tracking.add(3, 2 ** 40 + i, DELAYED))
  expect(new Set(entries).size).toBe(1500)
  expect(entries.includes(0)).toBe(false)
  for (const [i, entry] of entries.entries()) {
    tracking.setDeadline(entry, 1e12 + i)
    tracking.arrive(entry, { receiveCount: i, firstReceivedAt: 5e11 + i, source: 9, redrives: i })
    tracking.receive(entry, 6e11 + i, 7e11 + i, 2 ** 32 - 1 - i, i)
    tracking.setPosition(entry, 3 * i)
    tracking.setNext(entry, i + 1)
    tracking.setPrevious(entry, i + 2)
  }
  for (const [i, entry] of entries.entries()) {
    expect(tracking.queue(entry)).toBe(3)
    expect(tracking.slot(entry)).toBe(2 ** 40 + i)
    expect(tracking.phase(entry)).toBe(IN_FLIGHT)
    expect(tracking.deadline(entry)).toBe(7e11 + i)
    expect(tracking.firstReceivedAt(entry)).toBe(5e11 + i)
    expect(tracking.receivedAt(entry)).toBe(6e11 + i)
    expect(tracking.receiveCount(entry)).toBe(i + 1)
    expect(tracking.receivesHere(entry)).toBe(1)
    expect(tracking.receiveNumber(entry)).toBe(1)
    expect(tracking.source(entry)).toBe(9)
    expect(tracking.position(entry)).toBe(3 * i)
    expect([tracking.next(entry), tracking.previous(entry)]).toEqual([i + 1, i + 2])
  }
  expect(tracking.size).toBe(1500)
})

test('a receive is known by both halves of its tag', () => {
  const { tracking } = newTracking()
  const entry = tracking.add(1, 0, RETURNED)
  tracking.receive(entry, 10, 20, 0xffff_ffff, 0x8000_0000)
  expect(tracking.hasTag(entry, 0xffff_ffff, 0x8000_0000)).toBe(true)
  expect(tracking.hasTag(entry, 0x8000_0000, 0xffff_ffff)).toBe(false)
  expect(tracking.hasTag(entry, 0xffff_ffff, 0x8000_0001)).toBe(false)
  expect(tracking.hasTag(entry, 0xffff_fffe, 0x8000_0000)).toBe(false)
})

test('the first receive is remembered, and forgotten when it is taken back', () => {
  const { tracking } = newTracking()
  const entry = tracking.add(1, 0, RETURNED)
  tracking.receive(entry, 10, 20, 1, 2)
  tracking.receive(entry, 30, 40, 3, 4)
  expect(tracking.firstReceivedAt(entry)).toBe(10)
  tracking.undoReceive(entry)
  expect([tracking.receiveCount(entry), tracking.firstReceivedAt(entry)]).toEqual([1, 10])
  tracking.undoReceive(entry)
  expect([tracking.receiveCount(entry), tracking.firstReceivedAt(entry)]).toEqual([0, 0])
  expect(tracking.receiveNumber(entry)).toBe(2)
})

test('a freed entry is used again, with nothing left of what it was', () => {
  const { tracking } = newTracking()
  const entry = tracking.add(1, 5, RETURNED)
  tracking.arrive(entry, { receiveCount: 4, firstReceivedAt: 100, source: 7, redrives: 2 })
  tracking.receive(entry, 10, 20, 1, 2)
  tracking.free(entry)
  expect(tracking.phase(entry)).toBe(FREE)
  expect(tracking.size).toBe(0)
  const again = tracking.add(2, 6, DELAYED)
  expect(again).toBe(entry)
  expect([
    tracking.receiveCount(again),
    tracking.receivesHere(again),
    tracking.receiveNumber(again),
    tracking.firstReceivedAt(again),
    tracking.receivedAt(again),
    tracking.deadline(again),
    tracking.source(again),
  ]).toEqual([0, 0, 0, 0, 0, 0, 0])
  expect(tracking.hasTag(again, 1, 2)).toBe(false)
})

test('whoever names the pages is told before one is added', () => {
  const { tracking, grown } = newTracking()
  for (let i = 0; i < 1025; i++) tracking.add(1, i, RETURNED)
  expect(grown).toEqual([0, 1, 2])
})

test('every change to what a snapshot reads is announced first', () => {
  const changes: [string, (tracking: Tracking, entry: number) => void][] = [
    ['free', (tracking, entry) => tracking.free(entry)],
    ['setPhase', (tracking, entry) => tracking.setPhase(entry, RETURNED)],
    ['setDeadline', (tracking, entry) => tracking.setDeadline(entry, 99)],
    ['receive', (tracking, entry) => tracking.receive(entry, 1, 2, 3, 4)],
    ['undoReceive', (tracking, entry) => tracking.undoReceive(entry)],
    ['arrive', (tracking, entry) => tracking.arrive(entry, { ...NO_PAST, source: 3 })],
    ['add', (tracking) => tracking.add(1, 1, DELAYED)],
  ]
  for (const [name, change] of changes) {
    const { units, tracking } = newTracking()
    const entry = tracking.add(1, 0, IN_FLIGHT)
    tracking.receive(entry, 1, 1, 1, 1)
    const cut = units.cut()
    const expected = newTracking()
    const same = expected.tracking.add(1, 0, IN_FLIGHT)
    expected.tracking.receive(same, 1, 1, 1, 1)
    change(tracking, entry)
    expect(Buffer.compare(cut.next()!.bytes!, expected.units.cut().next()!.bytes!), name).toBe(0)
  }
})

test('after a restore the entries that still belong to a message are there, the others can be used', () => {
  const before = newTracking()
  const entries = Array.from({ length: 700 }, (_, i) => before.tracking.add(1, i, RETURNED))
  for (const entry of entries) before.tracking.setPosition(entry, 12)
  before.tracking.free(entries[3]!)
  const { tracking, units } = newTracking()
  const cut = before.units.cut()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) tracking.restorePage(unit.id, unit.bytes!)
  units.settleIds()
  tracking.rebuild((entry) => tracking.slot(entry) !== 5)
  expect(tracking.size).toBe(698)
  expect([...tracking.entries()].map((entry) => tracking.slot(entry))).toEqual(
    entries.map((_, i) => i).filter((i) => i !== 3 && i !== 5),
  )
  expect([...tracking.entries()].every((entry) => tracking.position(entry) === 0xffff_ffff)).toBe(true)
  const pages = tracking.pageUnits().length
  const added = Array.from({ length: 1023 - 698 }, (_, i) => tracking.add(2, 1000 + i, DELAYED))
  expect(tracking.pageUnits().length).toBe(pages)
  expect(new Set([...tracking.entries()]).size).toBe(1023)
  expect(added.every((entry) => tracking.queue(entry) === 2)).toBe(true)
})
