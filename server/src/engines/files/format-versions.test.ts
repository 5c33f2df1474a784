import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bodyOf, newDisk, openLedger } from '../../../test/journal/ledger.ts'
import { verifyJournal } from './verify-journal.ts'

interface Fixture {
  readonly files: readonly { readonly name: string; readonly base64: string }[]
  /** Id, length, references. */
  readonly bodies: readonly (readonly [number, number, number])[]
  readonly nextBodyId: number
}

/** Journals as earlier versions left them: segments, indexes, a cold file, snapshots. A file is added for each format version. */
const versions = [1]

test.each(versions)('a journal of format version %i is sound and can be read', async (version) => {
  const path = new URL(`../../../test/journal/format-${version}.json.gz`, import.meta.url)
  const fixture: Fixture = JSON.parse(gunzipSync(readFileSync(path)).toString())
  const disk = newDisk()
  for (const { name, base64 } of fixture.files) disk.place(name, Buffer.from(base64, 'base64'))
  expect((await verifyJournal(disk)).problems).toEqual([])
  const life = await openLedger(disk)
  expect(life.reports).toEqual([])
  const bodies = [...life.ledger.bodies].map(([id, { bytes, references }]) => [id, bytes, references])
  expect(bodies.sort((a, b) => a[0]! - b[0]!)).toEqual(fixture.bodies.toSorted((a, b) => a[0] - b[0]))
  expect(life.journal.nextBodyId).toBe(fixture.nextBodyId)
  await life.expectAllReadable()
  life.add(bodyOf(fixture.nextBodyId, 10))
  await life.commit()
  expect(life.failures).toEqual([])
})
