import { ResourceDirectory } from '../../../core/resource-directory.ts'
import type { Scope } from '../../../core/scope.ts'
import { streamArn } from '../stream-arn.ts'
import type { Stream } from './stream.ts'

/** What streams of an account in a region count for. */
interface Usage {
  /** Of streams whose shards are provisioned. */
  readonly openShards: number
  readonly onDemandStreams: number
}

const NONE: Usage = { openShards: 0, onDemandStreams: 0 }

/** All streams of a cell, and what each account uses of its quotas. */
export class Streams extends ResourceDirectory<Stream> {
  readonly #usage = new Map<string, Usage>()
  /** Some may have been created since. */
  readonly #creating = new Set<Stream>()

  constructor() {
    super(streamArn)
  }

  /** Of an account in a region. */
  usageOf(scope: Scope): Usage {
    return this.#usage.get(keyOf(scope)) ?? NONE
  }

  /** How many of an account's streams in a region are being created. */
  creating(scope: Scope, now: number): number {
    let count = 0
    for (const stream of this.#creating) {
      if (stream.statusAt(now) !== 'CREATING') this.#creating.delete(stream)
      else if (keyOf(stream.address) === keyOf(scope)) count++
    }
    return count
  }

  override add(stream: Stream): void {
    super.add(stream)
    this.#count(stream, 1)
    this.#creating.add(stream)
  }

  override remove(stream: Stream): void {
    super.remove(stream)
    this.#count(stream, -1)
    this.#creating.delete(stream)
  }

  override takeAll(): readonly Stream[] {
    this.#usage.clear()
    this.#creating.clear()
    return super.takeAll()
  }

  /** Does what changes how much the stream counts for. */
  recount(stream: Stream, change: () => void): void {
    this.#count(stream, -1)
    change()
    this.#count(stream, 1)
  }

  #count(stream: Stream, times: 1 | -1): void {
    const isProvisioned = stream.settings.mode === 'PROVISIONED'
    const key = keyOf(stream.address)
    const { openShards, onDemandStreams } = this.#usage.get(key) ?? NONE
    const usage = {
      openShards: openShards + times * (isProvisioned ? stream.openShardCount : 0),
      onDemandStreams: onDemandStreams + times * (isProvisioned ? 0 : 1),
    }
    if (usage.openShards === 0 && usage.onDemandStreams === 0) this.#usage.delete(key)
    else this.#usage.set(key, usage)
  }
}

function keyOf({ accountId, region }: Scope): string {
  return `${accountId}/${region}`
}
