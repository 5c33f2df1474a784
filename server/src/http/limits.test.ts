import { expect, test } from 'vitest'
import { DEFAULT_HTTP_LIMITS } from './limits.ts'

test('a body may be as long as the largest PutRecords in JSON', () => {
  const recordBytes = (10 * 1024 * 1024) / 500
  const key = 'é'.repeat(256)
  const record = {
    Data: Buffer.alloc(Math.ceil(recordBytes - Buffer.byteLength(key))).toString('base64'),
    ExplicitHashKey: String(2n ** 128n - 1n),
    PartitionKey: key,
  }
  const text = JSON.stringify({
    StreamARN: 'a'.repeat(2048),
    Records: Array.from({ length: 500 }, () => record),
  })
  expect(text.replaceAll('é', '\\u00e9').length).toBeLessThan(DEFAULT_HTTP_LIMITS.bodyBytesMax)
})
