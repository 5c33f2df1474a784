import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { testEncryption } from '../../../test/journal/encryption.ts'
import { bodyOf, newDisk, openLedger } from '../../../test/journal/ledger.ts'
import { masterKeyOf } from '../../master-keys.ts'
import { Keyring } from './keyring.ts'
import { verifyJournal } from './verify-journal.ts'

interface Fixture {
  /** Of journals that are encrypted, in base64. */
  readonly masterKey?: string
  readonly files: readonly { readonly name: string; readonly base64: string }[]
  /** Id, length, references. */
  readonly bodies: readonly (readonly [number, number, number])[]
  readonly nextBodyId: number
}

/**
 * Journals as earlier versions left them: segments, indexes, a cold file, snapshots. A file is added for each format version, and
 * for what a version is able to leave besides.
 */
const versions = ['1', '1-encrypted']

const cases = versions.flatMap((version) => [
  { version, goesOn: 'plain' },
  { version, goesOn: 'encrypted' },
])

test.each(cases)('a journal of format version $version can be read, and goes on $goesOn', async (each) => {
  const path = new URL(`../../../test/journal/format-${each.version}.json.gz`, import.meta.url)
  const fixture: Fixture = JSON.parse(gunzipSync(readFileSync(path)).toString())
  const disk = newDisk()
  for (const { name, base64 } of fixture.files) disk.place(name, Buffer.from(base64, 'base64'))
  const keys = fixture.masterKey === undefined ? [] : [masterKeyOf(Buffer.from(fixture.masterKey, 'base64'))]
  const { cipher, current } = testEncryption()
  const encryption = { cipher, current: each.goesOn === 'encrypted' ? current : null, others: keys }
  expect((await verifyJournal(disk, new Keyring(encryption, null))).problems).toEqual([])
  const life = await openLedger(disk, { encryption })
  expect(life.reports).toEqual([])
  const bodies = [...life.ledger.bodies].map(([id, { bytes, references }]) => [id, bytes, references])
  expect(bodies.sort((a, b) => a[0]! - b[0]!)).toEqual(fixture.bodies.toSorted((a, b) => a[0] - b[0]))
  expect(life.journal.nextBodyId).toBe(fixture.nextBodyId)
  await life.expectAllReadable()
  life.add(bodyOf(fixture.nextBodyId, 10))
  await life.commit()
  expect(life.failures).toEqual([])
})
