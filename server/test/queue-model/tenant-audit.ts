import { expect } from 'vitest'
import { groupKey } from '../../src/core/keys.ts'
import { recentTime } from '../../src/services/sqs/state/processing-time.ts'
import { EMPTY, FRESH, SLOTS_PER_PAGE } from '../../src/services/sqs/state/slots.ts'
import type { StandardQueue } from '../../src/services/sqs/state/standard-queue.ts'
import { FORGIVEN, NOISY, QUIET } from '../../src/services/sqs/state/tenant-table.ts'
import type { Tenants } from '../../src/services/sqs/state/tenants.ts'
import type { ModelQueue } from './queue-model.ts'

const STANDINGS = { [QUIET]: 'quiet', [NOISY]: 'noisy', [FORGIVEN]: 'forgiven' } as const

interface Recount {
  messages: number
  entries: number
  readonly fresh: number[]
}

/** Compares what a queue keeps of its tenants with a recount from scratch, and with the model's. */
export function checkTenants(queue: StandardQueue, model: ModelQueue, now: number): void {
  const { tenants } = queue
  if (tenants === null) {
    if (model.fair.isJudged) expect(model.fair.tenants.size).toBe(0)
    return
  }
  checkAgainstSlots(queue, tenants)
  if (!model.fair.isJudged) return
  const { table } = tenants
  const found = [...table.entries()].map((tenant) => ({
    key: table.key(tenant).join(),
    standing: STANDINGS[table.standing(tenant)],
    inFlight: table.inFlight(tenant),
    sentAt: table.sentAt(tenant),
    recentTime: recentTime(table.processingTime(tenant), table.inFlight(tenant), now),
  }))
  const expected = [...model.fair.tenants].map(([group, { standing, sentAt }]) => ({
    key: groupKey(group).join(),
    standing,
    inFlight: model.fair.inFlight(group, now),
    sentAt,
    recentTime: model.fair.recentTime(group, now),
  }))
  expect(sorted(found)).toEqual(sorted(expected))
}

function checkAgainstSlots(queue: StandardQueue, tenants: Tenants): void {
  const { table, links } = tenants
  const recounts = new Map<number, Recount>()
  for (const page of queue.slots.pages()) {
    for (let index = 0; index < SLOTS_PER_PAGE; index++) {
      const occupancy = page.occupancy(index)
      const slot = page.firstSlot + index
      const tenant = occupancy === EMPTY ? 0 : links.groupOf(slot)
      if (tenant === 0) continue
      const recount = recounts.get(tenant) ?? { messages: 0, entries: 0, fresh: [] }
      recounts.set(tenant, recount)
      recount.messages++
      if (occupancy === FRESH) recount.fresh.push(slot)
      else recount.entries++
    }
  }
  expect([...table.entries()].sort()).toEqual([...recounts.keys()].sort())
  expect(table.size).toBe(recounts.size)
  let inLine = 0
  for (const [tenant, { messages, entries, fresh }] of recounts) {
    expect(table.messages(tenant)).toBe(messages)
    expect(table.inFlight(tenant)).toBeLessThanOrEqual(entries)
    const listed: number[] = []
    for (let slot = table.firstFresh(tenant); slot >= 0; slot = links.next(slot)) listed.push(slot)
    expect(listed).toEqual(fresh)
    expect(table.lastFresh(tenant)).toBe(fresh.at(-1) ?? -1)
    const isAvailable = fresh.length > 0 || table.firstReturned(tenant) !== 0
    if (isAvailable) inLine++
    else expect(table.standing(tenant)).toBe(QUIET)
    const line = table.standing(tenant) === NOISY ? tenants.noisy : tenants.quiet
    if (isAvailable) expect(line.entryAt(table.position(tenant))).toBe(tenant)
    const { countedUntil, current, before } = table.processingTime(tenant)
    expect(Math.min(countedUntil, current, before)).toBeGreaterThanOrEqual(0)
  }
  expect(tenants.quiet.size + tenants.noisy.size).toBe(inLine)
}

function sorted<T extends { readonly key: string }>(accounts: readonly T[]): readonly T[] {
  return accounts.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}
