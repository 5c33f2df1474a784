import { expect, test } from 'vitest'
import type { ErrorShape } from '../src/api/service-error.ts'
import * as errors from '../src/services/kms/errors.ts'
import { kms } from '../src/services/kms/service.ts'
import { readDocument, rowsOf, section } from './document-tables.ts'
import { KmsWorld, NO_KEYS } from './kms/kms-world.ts'

/** docs/compatibility.md says of everything that KMS has how it stands; here that is held against the code. */
const document = section(readDocument('docs/compatibility.md'), 'KMS')
const world = new KmsWorld()
const service = kms(world.ports, NO_KEYS)

function listOf(heading: string): readonly (readonly string[])[] {
  return rowsOf(section(document, heading, '###')).slice(2)
}

const names = (rows: readonly (readonly string[])[]) => rows.map(([name]) => name!)
const sorted = (words: Iterable<string>) => [...new Set(words)].sort()

test('every operation of the model is in the list and answers, and is refused if the list says so', async () => {
  const rows = listOf('Key operations')
  expect(names(rows)).toEqual(sorted(service.model.operations.keys()))
  expect(names(rows)).toEqual(sorted(service.operations.keys()))
  const multiRegion = await world.key({ MultiRegion: true })
  const bytes = new Uint8Array(32)
  const input = {
    ...{ KeyId: multiRegion, CustomKeyStoreId: 'cks', CustomKeyStoreName: 'store', ImportToken: bytes },
    ...{ EncryptedKeyMaterial: bytes, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
    ...{ WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' },
    ...{ ReplicaRegion: 'us-east-1', PrimaryRegion: 'us-east-1' },
  }
  for (const [name, state] of rows) {
    expect(['served', 'refused'], name).toContain(state)
    if (state === 'refused') {
      expect(await world.refusal(name!, input), name).toContain('UnsupportedOperationException: ')
    }
  }
})

test('every parameter of the model is in the list', () => {
  const inputs = [...service.model.operations.values()].map(({ input }) => input.members)
  const rows = listOf('Key parameters')
  expect(names(rows)).toEqual(sorted(inputs.flat().map(({ name }) => name)))
  for (const [name, state] of rows) expect(['served', 'kept', 'never'], name).toContain(state)
})

test('every error of the model and of the service is in the list, with its status and its state', () => {
  const rows = listOf('Key errors')
  const declared: ErrorShape[] = Object.values(errors).filter((each) => typeof each === 'object')
  const known = [...service.model.errors.keys(), ...declared.map(({ code }) => code)]
  expect(names(rows)).toEqual(sorted(known))
  for (const [code, status, state] of rows) {
    const error = declared.find((each) => each.code === code)
    expect([state, status], code).toEqual(
      error === undefined ? ['never', '-'] : ['served', String(error.status)],
    )
  }
})

test('a ciphertext is as much longer than its plaintext as the chapter says', async () => {
  const KeyId = await world.key()
  const { CiphertextBlob } = await world.run('Encrypt', { KeyId, Plaintext: new Uint8Array(10) })
  expect(document).toContain(`${CiphertextBlob.length - 10} bytes longer than the plaintext`)
})
