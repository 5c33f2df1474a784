import type { GenerateRandomRequest, GenerateRandomResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { customKeyStoreNotFound, invalid, unsupported } from '../errors.ts'
import type { KmsFront } from '../front.ts'

export const generateRandom = (front: KmsFront) =>
  operation<GenerateRandomRequest, GenerateRandomResponse>('GenerateRandom', async (input) => {
    if (input.Recipient !== undefined)
      throw unsupported('Recipient is not supported: there are no enclaves here.')
    if (input.CustomKeyStoreId !== undefined) throw customKeyStoreNotFound(input.CustomKeyStoreId)
    if (input.NumberOfBytes === undefined) throw invalid('NumberOfBytes is required.')
    return { Plaintext: front.random.bytes(input.NumberOfBytes) }
  })
