import { Buffer } from 'node:buffer'
import type { BulkList } from '../api/operation.ts'

/** An input's JSON with a list in it that an operation reads by itself. */
export interface BulkInput {
  /** All but the list, which is a stand-in here. */
  readonly value: Record<string, unknown>
  readonly list: object
}

/** Whatever else such an input has is short. */
const REST_BYTES_MAX = 4096
const BRACKET = '['.charCodeAt(0)

/**
 * Takes the list out of a body, and parses the rest:
 *
 * ```
 *   {"StreamName":"orders","Records":[ {"Data":"…","PartitionKey":"…"},… ],"More":1}
 *   └─ rest, up to the first bracket ┘ └─ read by the operation ─────────┘└─ rest ─┘
 * ```
 *
 * Null where that isn't all there is to it, or the body is no JSON: it's parsed as a whole then. The rest has no other list. So a list
 * under the name is that one, and as valid as the rest is with the stand-in, so valid it is with the list.
 */
export function parseBulkInput({ member, standIn, read }: BulkList, body: Uint8Array): BulkInput | null {
  const open = body.indexOf(BRACKET)
  if (open < 0 || open > REST_BYTES_MAX) return null
  const head = asciiOf(body, 0, open)
  if (head === null || !head.includes(member)) return null
  const found = read(body, open + 1)
  if (found === null || body.length - found.end > REST_BYTES_MAX) return null
  const tail = asciiOf(body, found.end, body.length)
  if (tail === null || tail.includes('[')) return null
  let value: Record<string, unknown>
  try {
    value = JSON.parse(head + standIn + tail)
  } catch {
    return null
  }
  return Array.isArray(value[member]) ? { value, list: found.list } : null
}

/** Null where there are other characters. */
function asciiOf(bytes: Uint8Array, from: number, to: number): string | null {
  for (let i = from; i < to; i++) if (bytes[i]! > 127) return null
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)
}
