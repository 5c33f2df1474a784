import { decode, encode } from 'cborg'
import { expect, test } from 'vitest'
import { Units } from '../../../core/units.ts'
import { Directory } from './directory.ts'
import { Origins } from './origins.ts'
import { decodeRoot, Root } from './root.ts'
import { Tracking } from './tracking.ts'

function rootBytes(version?: number): Uint8Array {
  const units = new Units()
  const origins = new Origins(units, () => {})
  const bytes = new Root(units, new Directory(), new Tracking(units, () => {}), origins).encode()
  return version === undefined ? bytes : encode({ ...(decode(bytes) as object), version })
}

test('roots of earlier versions are read, later ones refused', () => {
  expect(decodeRoot(rootBytes())).toMatchObject({ version: 4, nextQueue: 1 })
  expect(decodeRoot(rootBytes(1))).toMatchObject({ version: 1, nextQueue: 1 })
  expect(() => decodeRoot(rootBytes(5))).toThrow(
    "the snapshot's SQS state has version 5; this build reads 1, 2, 3, 4",
  )
})
