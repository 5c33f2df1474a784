import { Buffer } from 'node:buffer'
import { ServiceError } from '../../src/api/service-error.ts'
import type { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import type {
  KinesisCommand,
  KinesisReplies,
  RecordPosition,
  RecordSlices,
  ShardDescription,
  ShardMap,
  StreamAddress,
} from '../../src/services/kinesis/commands.ts'
import { RecordReader, recordBytes, writeVarint } from '../../src/services/kinesis/record-format.ts'
import { groupsOf } from '../kinesis/record-groups.ts'
import { type ClientContext, pause } from './clients.ts'
import { bodyOf, readBody } from './message-bodies.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { StreamHistory } from './stream-history.ts'

export interface StreamContext extends ClientContext {
  readonly streams: StreamHistory
}

const STREAM: StreamAddress = { accountId: '000000000000', region: 'us-east-1', name: 'events' }
/** Shards are split and merged so that there are never more than these open. */
const OPEN_SHARDS_MAX = 6
const KEYS_PER_PRODUCER = 4

async function ask<Kind extends KinesisCommand['kind']>(
  { cell }: { readonly cell: Cell },
  command: KinesisCommand<Kind>,
): Promise<KinesisReplies[Kind]> {
  // The cell answers a command of a kind with a reply of that kind.
  return (await cell.execute(command)) as KinesisReplies[Kind]
}

/** A stream that is there already is left as it is. */
export async function createStream(context: { readonly cell: Cell }): Promise<void> {
  const creation = ask(context, {
    ...{ service: 'kinesis', kind: 'createStream', stream: STREAM, id: 'aaaaaaaaaaaaaaaaaaaa-aaa' },
    ...{ mode: 'PROVISIONED', shards: 2, maxRecordKiB: 1024, warmThroughput: null, tags: {}, settleMs: 0 },
  })
  await refusable(creation)
}

/** Puts until told to stop, one request at a time: the records of its keys are in order. */
export async function putRecords(context: StreamContext, producer: number): Promise<void> {
  const { random, streams, time, places } = context
  let map = await ask(context, { service: 'kinesis', kind: 'getShardMap', stream: STREAM })
  while (!context.stopping()) {
    const records = Array.from({ length: 1 + random.below(5) }, () => {
      const name = `records ${producer}`
      const place = (places.get(name) ?? 0) + 1
      places.set(name, place)
      return { id: `record-${producer}-${place}`, key: `${producer}-${random.below(KEYS_PER_PRODUCER)}` }
    })
    const puts = streams.begin(records)
    for (let isPut = false; !isPut; ) {
      const { groups, body, order } = prepared(map, records)
      const outcome = await ask(context, {
        ...{ service: 'kinesis', kind: 'putRecords', stream: STREAM, map: map.version, groups },
        ...{ isMetered: false, isSealed: false, bodies: [body] },
      })
      if (outcome.kind === 'stale') {
        map = outcome.map
        continue
      }
      isPut = true
      let at = 0
      groups.shards.forEach((shard, i) => {
        for (let n = 0; n < groups.counts[i]!; n++) {
          streams.acknowledged(puts[order[at++]!]!, shard, outcome.firstIndexes[i]! + n)
        }
      })
    }
    await pause(time, random.below(30))
  }
}

/** Splits and merges shards until told to stop. */
export async function reshard(context: StreamContext): Promise<void> {
  const { random, time } = context
  while (!context.stopping()) {
    await pause(time, 20 + random.below(150))
    const { shards } = await ask(context, { service: 'kinesis', kind: 'getShardMap', stream: STREAM })
    const chosen = random.below(shards.length)
    if (shards.length < OPEN_SHARDS_MAX && random.chance(0.6)) {
      const start = BigInt(`0x${shards[chosen]!.startingHashKey}`)
      const next = shards[chosen + 1]
      const end = next === undefined ? 2n ** 128n : BigInt(`0x${next.startingHashKey}`)
      const at = ((start + end) / 2n).toString(16).padStart(32, '0')
      const shard = shards[chosen]!.number
      await refusable(
        ask(context, { service: 'kinesis', kind: 'splitShard', stream: STREAM, shard, at, settleMs: 0 }),
      )
    } else if (chosen + 1 < shards.length) {
      const [shard, adjacent] = [shards[chosen]!.number, shards[chosen + 1]!.number]
      const merge = {
        service: 'kinesis',
        kind: 'mergeShards',
        stream: STREAM,
        shard,
        adjacent,
        settleMs: 0,
      } as const
      await refusable(ask(context, merge))
    }
  }
}

/** Reads shards from some place on until told to stop, and waits at their tips. */
export async function readStream(context: StreamContext): Promise<void> {
  const { random, streams, time } = context
  while (!context.stopping()) {
    const { shards } = await listShards(context)
    const shard = shards[random.below(shards.length)]!.number
    const start = random.chance(0.5)
      ? ({ type: 'oldest' } as const)
      : ({ type: 'time', time: time.now() - random.below(500) } as const)
    const found = await ask(context, {
      service: 'kinesis',
      kind: 'findPosition',
      stream: STREAM,
      shard,
      start,
    })
    let position: RecordPosition | null = found.position
    for (let reads = 1 + random.below(4); reads > 0 && position !== null && !context.stopping(); reads--) {
      const { next, records } = await readOnce(context, found.streamNumber, shard, position, random.below(60))
      for (const { id, isIntact, index } of records) streams.read(id, isIntact, shard, index)
      position = next
      await pause(time, random.below(20))
    }
  }
}

/** Reads all shards from their beginnings, parents before children. */
export async function readWholeStream(context: {
  readonly cell: Cell
  readonly time: SimulatedTime
  readonly random: SeededRandom
  readonly streams: StreamHistory
}): Promise<void> {
  const { time, streams } = context
  const { shards } = await time.settle(listShards(context))
  for (const { number: shard } of shards) {
    const start = { type: 'oldest' } as const
    const command = { service: 'kinesis', kind: 'findPosition', stream: STREAM, shard, start } as const
    const found = await time.settle(ask(context, command))
    let position: RecordPosition | null = found.position
    for (let isAtTip = false; !isAtTip && position !== null; ) {
      const read: Read = await time.settle(readOnce(context, found.streamNumber, shard, position, 0))
      for (const { id, isIntact, index } of read.records) streams.found(id, isIntact, shard, index)
      isAtTip = read.isAtTip
      position = read.next
    }
  }
}

interface Read {
  readonly records: readonly { readonly id: string; readonly isIntact: boolean; readonly index: number }[]
  /** Null at the end of a closed shard. */
  readonly next: RecordPosition | null
  readonly isAtTip: boolean
}

async function readOnce(
  context: { readonly cell: Cell },
  streamNumber: number,
  shard: number,
  position: RecordPosition,
  waitMs: number,
): Promise<Read> {
  const reply: RecordSlices = await ask(context, {
    ...{ service: 'kinesis', kind: 'readRecords', streamNumber, stream: STREAM, shard, position },
    ...{ limit: 50, bytesMax: 200_000, waitMs, isMetered: false },
  })
  const bodies = await reply.bodies
  const records: { id: string; isIntact: boolean; index: number }[] = []
  let next = position.index
  for (const [i, slice] of reply.slices.entries()) {
    const reader = new RecordReader(bodies[i]!, slice)
    for (let index = slice.firstIndex; reader.next(); index++) {
      next = Math.max(next, index + 1)
      if (index < position.index || reader.time < position.since) continue
      const { id, intact } = readBody(reader.data)
      records.push({
        id,
        isIntact: intact && id.startsWith(`record-${reader.partitionKey.split('-')[0]}-`),
        index,
      })
    }
  }
  const isAtTip = reply.slices.length === 0 || next >= reply.tip
  const isOver = isAtTip && reply.children !== null
  return { records, next: isOver ? null : { index: next, since: position.since }, isAtTip }
}

async function listShards(context: {
  readonly cell: Cell
}): Promise<{ readonly shards: readonly ShardDescription[] }> {
  return ask(context, {
    ...{
      service: 'kinesis',
      kind: 'listShards',
      stream: STREAM,
      created: null,
      filter: null,
      from: 0,
      limit: 10_000,
    },
  })
}

/** The records as one body, those of a shard together; `order` says which record stands where. */
function prepared(map: ShardMap, records: readonly { readonly id: string; readonly key: string }[]) {
  const placed = records.map(({ id, key }, i) => {
    const hashKey = hashOf(key)
    const shard = map.shards.findLast(({ startingHashKey }) => startingHashKey <= hashKey)!.number
    return { i, shard, bytes: encoded(key, bodyOf(id)) }
  })
  placed.sort((a, b) => a.shard - b.shard || a.i - b.i)
  const groups: { shard: number; count: number; bytes: number; payloadBytes: number }[] = []
  for (const { shard, bytes } of placed) {
    const last = groups.at(-1)
    if (last?.shard === shard) {
      last.count++
      last.bytes += bytes.length
      last.payloadBytes += bytes.length
    } else {
      groups.push({ shard, count: 1, bytes: bytes.length, payloadBytes: bytes.length })
    }
  }
  return {
    groups: groupsOf(groups),
    body: new Uint8Array(Buffer.concat(placed.map(({ bytes }) => bytes))),
    order: placed.map(({ i }) => i),
  }
}

function encoded(key: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(recordBytes(key.length, data.length))
  let at = writeVarint(bytes, 0, key.length)
  at = writeVarint(bytes, at, data.length)
  bytes.set(Buffer.from(key), at)
  bytes.set(data, at + key.length)
  return bytes
}

/** Anything that spreads keys over all shards, and is the same for the same key. */
function hashOf(key: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0').repeat(4)
}

/** What the state refuses, such as a split of a shard that another one closed, is no reason to end. */
async function refusable(request: Promise<unknown>): Promise<void> {
  try {
    await request
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
  }
}
