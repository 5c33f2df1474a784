import type { Command } from '../../src/core/command.ts'
import type { Delivery, Landing, LandingOutcome } from '../../src/core/landing.ts'
import type { Event, ServiceState, Step } from '../../src/core/service-state.ts'

/** Stores the command's bodies, each once for all targets, and delivers them to each. */
export interface SendCommand extends Command {
  readonly service: 'sender'
  readonly kind: 'send'
  readonly bodies: readonly Uint8Array[]
  readonly targets: readonly string[]
  readonly origin: string
  /** One for each body. */
  readonly landings: readonly Omit<Landing, 'bodyId' | 'bytes'>[]
}

/** By target, and for each body. */
export type SendReply = readonly (readonly LandingOutcome[])[]

/** For tests: a service without a state of its own, that sends to the resources of others. */
export class SenderState implements ServiceState {
  readonly service = 'sender'
  readonly number = 15
  readonly nextWakeAt = Number.POSITIVE_INFINITY

  execute(command: Command, step: Step<Event>): SendReply {
    const { bodies, targets, origin, landings: given } = command as SendCommand
    const landings = given.map((landing, i) => ({
      ...landing,
      bodyId: step.storeShared(i),
      bytes: bodies[i]!.length,
    }))
    return targets.map((target) =>
      step.deliver({ target, sender: null, origin, landings } satisfies Delivery),
    )
  }

  advance(): void {}
  apply(): void {}
  encode(): void {}
  decode(): never {
    throw new Error('a sender has no events')
  }
  waitFor(): null {
    return null
  }
  grows(): boolean {
    return true
  }
  chore(): null {
    return null
  }
  tidy(): boolean {
    return false
  }
  restore(): void {}
  live(): void {}
}
