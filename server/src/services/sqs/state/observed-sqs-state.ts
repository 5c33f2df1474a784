import type { Bodies, StateHost } from '../../../core/service-state.ts'
import type { Units } from '../../../core/units.ts'
import type { MessageHistory, QueueAddress } from '../commands.ts'
import { EVENT, type SqsEvent } from './events.ts'
import type { LandingLeave } from './landing-leave.ts'
import type { Queue } from './queue.ts'
import { SqsState } from './sqs-state.ts'

/** What happened to some messages of a queue, told the moment it did. */
export interface Happening {
  readonly kind: HappeningKind
  /** By the cell's clock, in milliseconds since the epoch. */
  readonly at: number
  readonly queue: QueueAddress
  /** Where the messages went; null where they stayed or are gone. */
  readonly to: QueueAddress | null
  /** As they were before, where they went; else as they are now. */
  readonly messages: readonly MessageHistory[]
  /** The stored body of each; null for one that is lost. To be called when the command is done, and then soon. */
  readonly bodies: () => Bodies | Promise<Bodies>
}

export type HappeningKind =
  | 'sent'
  | 'received'
  | 'deleted'
  | 'deadLettered'
  | 'moved'
  | 'visibilityChanged'
  | 'receiveUndone'

export type Observer = (happening: Happening) => void

/**
 * The state of SQS with somebody who looks on, for tests. It decides and keeps nothing else. What is derived from time, a
 * timeout that passes or a message that expires, is no event and isn't told.
 */
export class ObservedSqsState extends SqsState {
  readonly #host: StateHost
  #observer: Observer | null = null

  constructor(units: Units, host: StateHost, landingLeave?: LandingLeave) {
    super(units, host, landingLeave)
    this.#host = host
  }

  /** From now on `observer` is told. Before that nobody is: what a journal replays happened long ago. */
  watch(observer: Observer): void {
    this.#observer = observer
  }

  override apply(event: SqsEvent, now: number): void {
    const observer = this.#observer
    if (observer === null) {
      super.apply(event, now)
      return
    }
    // What leaves has to be looked at before it goes.
    const leaving = this.#leaving(event, now)
    super.apply(event, now)
    const happening = leaving ?? this.#staying(event, now)
    if (happening !== null) observer(happening)
  }

  #leaving(event: SqsEvent, now: number): Happening | null {
    switch (event.kind) {
      case EVENT.messagesDeleted:
        return this.#tell('deleted', now, event.queue, event.slots, null)
      case EVENT.messagesDeadLettered:
        return this.#tell('deadLettered', now, event.queue, event.slots, event.target)
      case EVENT.messagesMoved:
        return this.#tell('moved', now, event.queue, event.slots, event.target)
      default:
        return null
    }
  }

  #staying(event: SqsEvent, now: number): Happening | null {
    switch (event.kind) {
      case EVENT.messagesSent:
      case EVENT.groupedMessagesSent:
      case EVENT.fifoMessagesSent: {
        const slots = event.bytes.map((_, i) => event.firstSlot + i)
        const bodyIds = event.bytes.map((_, i) => event.firstBodyId + i)
        // The journal has them only when the command is done.
        return this.#tell('sent', now, event.queue, slots, null, () => this.#host.read(bodyIds))
      }
      case EVENT.messagesLanded: {
        const slots = event.bodyIds.map((_, i) => event.firstSlot + i)
        return this.#tell('sent', now, event.queue, slots, null, () => this.#host.read(event.bodyIds))
      }
      case EVENT.fifoMessageLanded:
        return this.#tell('sent', now, event.queue, [event.slot], null, () => this.#host.read([event.bodyId]))
      case EVENT.messagesReceived:
        return this.#tell('received', now, event.queue, event.slots, null)
      case EVENT.visibilityChanged:
        return this.#tell('visibilityChanged', now, event.queue, event.slots, null)
      case EVENT.receiveUndone:
      case EVENT.receivePostponed:
        return this.#tell('receiveUndone', now, event.queue, event.slots, null)
      default:
        return null
    }
  }

  #tell(
    kind: HappeningKind,
    at: number,
    from: number,
    slots: readonly number[],
    target: number | null,
    bodies: Happening['bodies'] = this.#bodiesNow(from, slots),
  ): Happening {
    const queue = this.#queue(from)
    return {
      ...{ kind, at, queue: queue.address, to: target === null ? null : this.#queue(target).address },
      messages: slots.map((slot) => this.historyOf(queue, slot)),
      bodies,
    }
  }

  /** Begins to read now, as long as they are there. */
  #bodiesNow(from: number, slots: readonly number[]): Happening['bodies'] {
    const queue = this.#queue(from)
    const bodies = this.#host.read(slots.map((slot) => queue.bodyId(slot)))
    return () => bodies
  }

  #queue(number: number): Queue {
    const queue = this.queueNumbered(number)
    if (queue === undefined) throw new Error(`no queue has the number ${number}`)
    return queue
  }
}
