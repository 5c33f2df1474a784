import type { QueueAddress, QueuePage } from '../commands.ts'
import { queueArn } from '../queue-arn.ts'
import type { Queue } from './queue.ts'

/** All queues of a cell: by number, by address, and in the order of their names. */
export class Directory {
  #byNumber = new Map<number, Queue>()
  #byArn = new Map<string, Queue>()
  /** For each account and region its queues' names, sorted by code units. */
  #names = new Map<string, string[]>()

  get size(): number {
    return this.#byNumber.size
  }

  [Symbol.iterator](): IterableIterator<Queue> {
    return this.#byNumber.values()
  }

  at(address: QueueAddress): Queue | undefined {
    return this.#byArn.get(queueArn(address))
  }

  withArn(arn: string): Queue | undefined {
    return this.#byArn.get(arn)
  }

  numbered(number: number): Queue | undefined {
    return this.#byNumber.get(number)
  }

  add(queue: Queue): void {
    this.#byNumber.set(queue.number, queue)
    this.#byArn.set(queueArn(queue.address), queue)
    const scope = scopeKey(queue.address)
    const names = this.#names.get(scope)
    if (names === undefined) this.#names.set(scope, [queue.address.name])
    else names.splice(firstAfter(names, queue.address.name), 0, queue.address.name)
  }

  remove(queue: Queue): void {
    this.#byNumber.delete(queue.number)
    this.#byArn.delete(queueArn(queue.address))
    const scope = scopeKey(queue.address)
    const names = this.#names.get(scope)!
    names.splice(firstAfter(names, queue.address.name) - 1, 1)
    if (names.length === 0) this.#names.delete(scope)
  }

  /** Forgets all queues at once and returns them. */
  takeAll(): readonly Queue[] {
    const queues = [...this.#byNumber.values()]
    this.#byNumber = new Map()
    this.#byArn = new Map()
    this.#names = new Map()
    return queues
  }

  /** Up to `limit` names after `after` that begin with `prefix` and whose queue `matches`. */
  page(
    scope: Pick<QueueAddress, 'accountId' | 'region'>,
    prefix: string,
    after: string,
    limit: number,
    matches: (queue: Queue) => boolean,
  ): QueuePage {
    const names = this.#names.get(scopeKey(scope)) ?? []
    const found: string[] = []
    // A name that equals the prefix comes first of those that begin with it.
    let i = after >= prefix && after !== '' ? firstAfter(names, after) : firstNotBefore(names, prefix)
    for (; i < names.length && names[i]!.startsWith(prefix); i++) {
      const name = names[i]!
      if (!matches(this.at({ ...scope, name })!)) continue
      if (found.length === limit) return { names: found, next: found[limit - 1] ?? null }
      found.push(name)
    }
    return { names: found, next: null }
  }
}

function scopeKey(scope: Pick<QueueAddress, 'accountId' | 'region'>): string {
  return `${scope.accountId}/${scope.region}`
}

function firstAfter(names: readonly string[], name: string): number {
  let low = 0
  let high = names.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (names[middle]! <= name) low = middle + 1
    else high = middle
  }
  return low
}

function firstNotBefore(names: readonly string[], name: string): number {
  const after = firstAfter(names, name)
  return after > 0 && names[after - 1] === name ? after - 1 : after
}
