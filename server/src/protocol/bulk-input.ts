import { Buffer } from 'node:buffer'
import type { BulkList } from '../api/operation.ts'

/** An input's JSON with a list in it that an operation reads by itself. */
export interface BulkInput {
  readonly list: object
  /** What stands around the list, with its opening bracket. Good until the next one is taken apart. */
  readonly rest: Buffer
}

/** What stands before such a list, and what stands behind it, is short each. */
const PART_BYTES_MAX = 4096
const BRACKET = '['.charCodeAt(0)

const rests = Buffer.alloc(2 * PART_BYTES_MAX)

/**
 * Takes a body apart:
 *
 * ```
 *   {"StreamName":"orders","Records":[ {"Data":"…","PartitionKey":"…"},… ],"More":1}
 *   └─ rest ──────────────────────────┘└─ read by the operation ─────────┘└─ rest ─┘
 * ```
 *
 * Null where that isn't all there is to it. What the rest is good for, `parseRest` says.
 */
export function readBulkInput({ read }: BulkList, body: Uint8Array): BulkInput | null {
  const listAt = body.indexOf(BRACKET) + 1
  if (listAt === 0 || listAt > PART_BYTES_MAX) return null
  const found = read(body, listAt)
  if (found === null || body.length - found.end > PART_BYTES_MAX) return null
  for (let i = 0; i < listAt; i++) rests[i] = body[i]!
  let length = listAt
  for (let i = found.end; i < body.length; i++) rests[length++] = body[i]!
  return { list: found.list, rest: rests.subarray(0, length) }
}

/**
 * The input that the rest belongs to, with the stand-in for the list. Null where it is no JSON of an object that has the list under its name: then
 * the body is parsed as a whole. The rest has no other list. So a list under the name is that one, and as valid as the rest is with the
 * stand-in, so valid it is with the list.
 */
export function parseRest({ member, standIn }: BulkList, rest: Buffer): object | null {
  const text = rest.toString('latin1')
  const listAt = text.indexOf('[')
  if (!isAscii(rest) || text.includes('[', listAt + 1)) return null
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text.slice(0, listAt) + standIn + text.slice(listAt + 1))
  } catch {
    return null
  }
  return Array.isArray(value[member]) ? value : null
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 127) return false
  return true
}
