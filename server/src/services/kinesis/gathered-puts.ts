import type { StreamAddress } from './commands.ts'
import { GATHERED_BYTES_MAX, GATHERED_RECORDS_MAX } from './limits.ts'
import { joinRecords, type PackedRecords } from './packed-records.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { PutResult, RecordsPut } from './records-put.ts'
import { RecordsToPut } from './records-to-put.ts'
import type { ShardMaps, ShardMapView } from './shard-map.ts'

/** One request's records, and who waits for what becomes of them. */
interface Part {
  readonly records: PackedRecords
  /** With null where they are to be put by themselves. */
  readonly resolve: (put: RecordsPut | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * Puts the records of requests that came in the same turn of the event loop, for one stream, as if one request had brought them: they are sorted by shards at once, and each shard
 * gets one run of all. For a stream of many shards a run has more records the more there is to do; where there is only one, requests bring a run each anyway. See
 * docs/decisions/0035-puts-together.md.
 */
export class GatheredPuts {
  readonly #ports: Pick<KinesisPorts, 'cell' | 'timers'>
  readonly #maps: ShardMaps
  /** By the versions of maps, which no two streams have. */
  readonly #gatherings = new Map<number, Gathering>()

  constructor(ports: Pick<KinesisPorts, 'cell' | 'timers'>, maps: ShardMaps) {
    this.#ports = ports
    this.#maps = maps
  }

  /** Records that fit the map, which has no key. Null where they are to be put by themselves: there are no others, or the map is another one by now. */
  put(stream: StreamAddress, map: ShardMapView, records: PackedRecords): Promise<RecordsPut | null> {
    const known = this.#gatherings.get(map.version)
    if (known?.hasRoomFor(records) === true) return known.add(records)
    if (known !== undefined) void known.put()
    const gathering = new Gathering(this.#ports, this.#maps, stream, map)
    this.#gatherings.set(map.version, gathering)
    this.#ports.timers.soon(() => {
      if (this.#gatherings.get(map.version) === gathering) this.#gatherings.delete(map.version)
      void gathering.put()
    })
    return gathering.add(records)
  }
}

class Gathering {
  readonly #ports: Pick<KinesisPorts, 'cell'>
  readonly #maps: ShardMaps
  readonly #stream: StreamAddress
  readonly #map: ShardMapView
  #parts: Part[] = []
  #count = 0
  #bytes = 0

  constructor(ports: Pick<KinesisPorts, 'cell'>, maps: ShardMaps, stream: StreamAddress, map: ShardMapView) {
    this.#ports = ports
    this.#maps = maps
    this.#stream = stream
    this.#map = map
  }

  hasRoomFor({ count, bytes }: PackedRecords): boolean {
    return this.#count + count <= GATHERED_RECORDS_MAX && this.#bytes + bytes.length <= GATHERED_BYTES_MAX
  }

  add(records: PackedRecords): Promise<RecordsPut | null> {
    this.#count += records.count
    this.#bytes += records.bytes.length
    return new Promise((resolve, reject) => void this.#parts.push({ records, resolve, reject }))
  }

  /** Puts all that was added, if it wasn't done yet. */
  async put(): Promise<void> {
    const parts = this.#parts
    this.#parts = []
    try {
      const result = parts.length < 2 ? null : await this.#putTogether(parts)
      let first = 0
      for (const { records, resolve } of parts) {
        resolve(result && new RecordsPut(result, first, records.count))
        first += records.count
      }
    } catch (error) {
      for (const { reject } of parts) reject(error)
    }
  }

  async #putTogether(parts: readonly Part[]): Promise<PutResult | null> {
    const records = new RecordsToPut(joinRecords(parts.map((part) => part.records)))
    const sorted = records.sort(this.#map, false)
    const outcome = await ask(this.#ports, {
      service: 'kinesis',
      kind: 'putRecords',
      stream: this.#stream,
      map: this.#map.version,
      groups: sorted.groups,
      isMetered: false,
      isSealed: false,
      bodies: [sorted.body],
    })
    if (outcome.kind === 'put') return new PutResult(sorted, outcome, this.#stream)
    this.#maps.remember(this.#stream, outcome.map)
    // They may lie where each request's records do.
    records.restoreOrder()
    return null
  }
}
