import { decode, encode } from 'cborg'
import { expect, test } from 'vitest'
import { Units } from '../../../core/units.ts'
import { Directory } from './directory.ts'
import { decodeRoot, Root } from './root.ts'
import { Tracking } from './tracking.ts'

function rootBytes(version?: number): Uint8Array {
  const units = new Units()
  const bytes = new Root(units, new Directory(), new Tracking(units, () => {})).encode()
  return version === undefined ? bytes : encode({ ...(decode(bytes) as object), version })
}

test('roots of the version before FIFO queues are read, later ones refused', () => {
  expect(decodeRoot(rootBytes())).toMatchObject({ version: 2, nextQueue: 1 })
  expect(decodeRoot(rootBytes(1))).toMatchObject({ version: 1, nextQueue: 1 })
  expect(() => decodeRoot(rootBytes(3))).toThrow(
    "the snapshot's SQS state has version 3; this build reads 1 and 2",
  )
})
