import { decode } from 'cborg'
import { expect, test } from 'vitest'
import { SelfWritten } from '../api/self-written.ts'
import { encodeCbor } from './cbor.ts'
import { cborRequest, createHarness, formRequest, jsonRequest } from './test-services.ts'

class Animal extends SelfWritten {
  readonly #json: string | null

  constructor(json: string | null) {
    super()
    this.#json = json
  }

  members(): object {
    return { Name: 'Rex', Picture: Buffer.from('hi') }
  }

  json(): string | null {
    return this.#json
  }
}

const ECHO = 'Zoo_20240101.Echo'
const harnessFor = (json: string | null) => createHarness(() => new Animal(json))

test('an output that writes itself is sent as it does', async () => {
  const response = await harnessFor('{"Name":"itself"}').send(jsonRequest(ECHO, '{}'))
  expect(response.body).toBe('{"Name":"itself"}')
})

test('where it doesn’t, its members are written as the model says', async () => {
  const response = await harnessFor(null).send(jsonRequest(ECHO, '{}'))
  expect(response.body).toBe('{"Name":"Rex","Picture":"aGk="}')
})

test('other forms are given its members', async () => {
  const harness = harnessFor('{"Name":"itself"}')
  const cbor = await harness.send(cborRequest(ECHO, Buffer.from(encodeCbor({}))))
  expect(decode(Buffer.from(cbor.body as Uint8Array))).toEqual({
    Name: 'Rex',
    Picture: Uint8Array.from([0x68, 0x69]),
  })
  const xml = await harness.send(formRequest('Action=Echo&Version=2024-01-01'))
  expect(xml.body).toContain('<EchoResult><Name>Rex</Name><Picture>aGk=</Picture></EchoResult>')
})
