import { NameLists, type NamePage } from '../../../core/name-list.ts'
import { ResourceDirectory } from '../../../core/resource-directory.ts'
import type { QueueAddress } from '../commands.ts'
import { queueArn } from '../queue-arn.ts'
import { isInternalName } from '../queue-name.ts'
import type { Queue } from './queue.ts'

/** All queues of a cell, also by where their dead letters go. Those that no client made are in no list. */
export class Directory extends ResourceDirectory<Queue> {
  /** For each ARN that is a dead-letter target the names of the queues that have it, which are of its account and region. */
  #sources = new NameLists()
  /** The ARN under which a queue stands there. */
  #targets = new Map<Queue, string>()

  /** Those that have a key of KMS. */
  readonly #sealed = new Set<Queue>()

  constructor() {
    super(queueArn, (name) => !isInternalName(name))
  }

  override add(queue: Queue): void {
    super.add(queue)
    this.noteSettings(queue)
  }

  /** How many queues have a key of KMS. */
  get sealed(): number {
    return this.#sealed.size
  }

  /** To be called when the settings of a queue changed. */
  noteSettings(queue: Queue): void {
    if (queue.settings.kmsMasterKeyId === '') this.#sealed.delete(queue)
    else this.#sealed.add(queue)
    const before = this.#targets.get(queue)
    const target = queue.settings.redrivePolicy?.deadLetterTargetArn
    if (target === before) return
    if (before !== undefined) this.#sources.remove(before, queue.address.name)
    if (target === undefined) {
      this.#targets.delete(queue)
    } else {
      this.#targets.set(queue, target)
      this.#sources.add(target, queue.address.name)
    }
  }

  override remove(queue: Queue): void {
    super.remove(queue)
    this.#sealed.delete(queue)
    const target = this.#targets.get(queue)
    if (target === undefined) return
    this.#targets.delete(queue)
    this.#sources.remove(target, queue.address.name)
  }

  override takeAll(): readonly Queue[] {
    this.#sources = new NameLists()
    this.#targets = new Map()
    this.#sealed.clear()
    return super.takeAll()
  }

  /** Up to `limit` names after `after` of the queues whose dead letters go to the queue at the address. */
  pageOfSources(target: QueueAddress, after: string, limit: number): NamePage {
    return this.#sources.page(queueArn(target), '', after, limit)
  }

  /** Names of all of them. */
  sourcesOf(target: QueueAddress): readonly string[] {
    return this.pageOfSources(target, '', Number.POSITIVE_INFINITY).names
  }

  isDeadLetterQueue(address: QueueAddress): boolean {
    return this.#sources.has(queueArn(address))
  }
}
