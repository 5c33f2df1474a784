import type { QueueAddress, QueuePage } from '../commands.ts'
import { queueArn } from '../queue-arn.ts'
import { NameList } from './name-list.ts'
import type { Queue } from './queue.ts'

/** All queues of a cell: by number, by address, in the order of their names, and by where their dead letters go. */
export class Directory {
  #byNumber = new Map<number, Queue>()
  #byAddress = new Map<string, Queue>()
  /** For each account and region its queues' names. */
  #names = new Map<string, NameList>()
  /** For each ARN that is a dead-letter target the names of the queues that have it, which are of its account and region. */
  #sources = new Map<string, NameList>()
  /** The ARN under which a queue stands there. */
  #targets = new Map<Queue, string>()

  get size(): number {
    return this.#byNumber.size
  }

  [Symbol.iterator](): IterableIterator<Queue> {
    return this.#byNumber.values()
  }

  at(address: QueueAddress): Queue | undefined {
    return this.#byAddress.get(addressKey(address))
  }

  numbered(number: number): Queue | undefined {
    return this.#byNumber.get(number)
  }

  add(queue: Queue): void {
    this.#byNumber.set(queue.number, queue)
    this.#byAddress.set(addressKey(queue.address), queue)
    addTo(this.#names, scopeKey(queue.address), queue.address.name)
    this.noteSettings(queue)
  }

  /** To be called when the settings of a queue changed. */
  noteSettings(queue: Queue): void {
    const before = this.#targets.get(queue)
    const target = queue.settings.redrivePolicy?.deadLetterTargetArn
    if (target === before) return
    if (before !== undefined) removeFrom(this.#sources, before, queue.address.name)
    if (target === undefined) {
      this.#targets.delete(queue)
    } else {
      this.#targets.set(queue, target)
      addTo(this.#sources, target, queue.address.name)
    }
  }

  remove(queue: Queue): void {
    this.#byNumber.delete(queue.number)
    this.#byAddress.delete(addressKey(queue.address))
    removeFrom(this.#names, scopeKey(queue.address), queue.address.name)
    const target = this.#targets.get(queue)
    if (target === undefined) return
    this.#targets.delete(queue)
    removeFrom(this.#sources, target, queue.address.name)
  }

  /** Forgets all queues at once and returns them. */
  takeAll(): readonly Queue[] {
    const queues = [...this.#byNumber.values()]
    this.#byNumber = new Map()
    this.#byAddress = new Map()
    this.#names = new Map()
    this.#sources = new Map()
    this.#targets = new Map()
    return queues
  }

  /** Up to `limit` names of queues after `after` that begin with `prefix`. */
  page(
    scope: Pick<QueueAddress, 'accountId' | 'region'>,
    prefix: string,
    after: string,
    limit: number,
  ): QueuePage {
    return pageOf(this.#names.get(scopeKey(scope)), prefix, after, limit)
  }

  /** Up to `limit` names after `after` of the queues whose dead letters go to the queue at the address. */
  pageOfSources(target: QueueAddress, after: string, limit: number): QueuePage {
    return pageOf(this.#sources.get(queueArn(target)), '', after, limit)
  }

  isDeadLetterQueue(address: QueueAddress): boolean {
    return this.#sources.has(queueArn(address))
  }
}

function pageOf(names: NameList | undefined, prefix: string, after: string, limit: number): QueuePage {
  return names?.page(prefix, after, limit) ?? { names: [], next: null }
}

function addTo(lists: Map<string, NameList>, key: string, name: string): void {
  let names = lists.get(key)
  if (names === undefined) {
    names = new NameList()
    lists.set(key, names)
  }
  names.add(name)
}

/** A list without names goes. */
function removeFrom(lists: Map<string, NameList>, key: string, name: string): void {
  const names = lists.get(key)!
  names.remove(name)
  if (names.size === 0) lists.delete(key)
}

function scopeKey(scope: Pick<QueueAddress, 'accountId' | 'region'>): string {
  return `${scope.accountId}/${scope.region}`
}

function addressKey(address: QueueAddress): string {
  return `${address.accountId}/${address.region}/${address.name}`
}
