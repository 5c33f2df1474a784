import { expect, test } from 'vitest'
import { bodyOf, newDisk, openLedger } from '../../../test/journal/ledger.ts'

test('what was appended is there after a power loss, in order, with its bodies', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  for (let id = 1; id <= 200; id++) {
    life.add(bodyOf(id, id * 3))
    if (id % 7 === 0) await life.commit()
  }
  await life.commit()
  expect(life.failures).toEqual([])
  const next = await openLedger(disk.crash())
  expect([...next.ledger.bodies.keys()]).toEqual([...life.ledger.bodies.keys()])
  expect(next.journal.nextBodyId).toBe(201)
  await next.expectAllReadable()
})
