import { Tagged } from 'cborg'
import { type LeafReaders, refuse, type ValueReader } from './value-input.ts'
import type { LeafWriters } from './value-output.ts'

/**
 * Fractions, times and blobs in the CBOR of AWS's SDKs for Java: blobs are byte strings, and times are *milliseconds* since the
 * epoch under tag 1, for which RFC 8949 has seconds. Both SDKs write and read them so, and AWS does.
 * https://github.com/aws/aws-sdk-java-v2/issues/4661
 */

const TIME_TAG = 1

const fraction: ValueReader = (value) => (typeof value === 'number' ? value : refuse(value, 'a Double'))

/** The decoder has taken the tag away: a time without it means the same, as it does to the parser of the SDKs. */
const timestamp: ValueReader = (value) =>
  Number.isFinite(value) ? Math.round(Number(value)) : refuse(value, 'a Timestamp')

const blob: ValueReader = (value) => (value instanceof Uint8Array ? value : refuse(value, 'a Blob'))

export const cborReaders: LeafReaders = { fraction, timestamp, blob }

export const cborWriters: LeafWriters = {
  fraction: undefined,
  timestamp: (value) => new Tagged(TIME_TAG, Number(value)),
  blob: undefined,
}
