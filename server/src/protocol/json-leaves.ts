import { decodeBase64, encodeBase64 } from './base64.ts'
import { serializationError } from './errors.ts'
import { type LeafReaders, refuse, type ValueReader } from './value-input.ts'
import type { LeafWriters } from './value-output.ts'

/** Fractions, times and blobs in JSON: infinities and NaN are strings, times are seconds since the epoch, blobs are base64. */

const fraction: ValueReader = (value) => {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  return refuse(value, 'a Double')
}

// A number with an exponent may be beyond all numbers.
const timestamp: ValueReader = (value) =>
  Number.isFinite(value) ? Math.round(Number(value) * 1000) : refuse(value, 'a Timestamp')

const blob: ValueReader = (value) => {
  if (typeof value !== 'string') return refuse(value, 'a Blob')
  const bytes = decodeBase64(value)
  if (bytes === undefined) throw serializationError('STRING_VALUE can not be converted to a Blob')
  return bytes
}

export const jsonReaders: LeafReaders = { fraction, timestamp, blob }

export const jsonWriters: LeafWriters = {
  fraction: (value) => (Number.isFinite(value) ? value : String(value)),
  timestamp: (value) => Number(value) / 1000,
  blob: (value) => (value instanceof Uint8Array ? encodeBase64(value) : value),
}
