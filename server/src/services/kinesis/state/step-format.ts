import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { HashKey } from '../commands.ts'
import type { ReshardingStep } from './resharding.ts'

/**
 * The steps of a resharding as an event has them, which may be many:
 *
 * ```
 *   u32 steps │ for each: u32 shard │ f64 second │ u32 adjacent shard, or 0xffffffff for a split │ of a split: 16 hash key
 * ```
 *
 * A hash key is four 32-bit words, the highest first.
 */
const SPLIT = 0xffff_ffff
const KEY_WORDS = 4
const WORD_DIGITS = 8

export function writeSteps(writer: ByteWriter, steps: readonly ReshardingStep[]): void {
  writer.uint32(steps.length)
  for (const step of steps) {
    writer.uint32(step.shard)
    writer.float64(step.second)
    if (step.kind === 'merge') {
      writer.uint32(step.adjacent)
    } else {
      writer.uint32(SPLIT)
      for (let at = 0; at < step.at.length; at += WORD_DIGITS) {
        writer.uint32(Number.parseInt(step.at.slice(at, at + WORD_DIGITS), 16))
      }
    }
  }
}

export function readSteps(reader: ByteReader): readonly ReshardingStep[] {
  const steps: ReshardingStep[] = []
  for (let left = reader.uint32(); left > 0; left--) {
    const shard = reader.uint32()
    const second = reader.float64()
    const adjacent = reader.uint32()
    if (adjacent === SPLIT) steps.push({ kind: 'split', shard, at: readHashKey(reader), second })
    else steps.push({ kind: 'merge', shard, adjacent, second })
  }
  return steps
}

function readHashKey(reader: ByteReader): HashKey {
  let key = ''
  for (let word = 0; word < KEY_WORDS; word++) key += reader.uint32().toString(16).padStart(WORD_DIGITS, '0')
  return key
}
