import type { LandingSender } from '../../../core/landing.ts'
import { evaluate } from '../../../policy/evaluate.ts'
import { PolicyCache } from '../../../policy/policy-cache.ts'
import { ServiceRequest } from '../../../policy/service-request.ts'
import { LANDING_POLICIES_MAX } from '../limits.ts'
import { queueArn } from '../queue-arn.ts'
import type { Queue } from './queue.ts'

/** Whether a service may send to a queue by itself. */
export interface LandingLeave {
  /** `now` is in milliseconds since the epoch. */
  lets(queue: Queue, sender: LandingSender, now: number): boolean
}

/** Where no policies are asked. */
export const EVERYONE_MAY_LAND: LandingLeave = { lets: () => true }

/** A queue that takes nothing from a sender, both by their ARNs. */
export interface RefusedLanding {
  readonly queue: string
  readonly sender: LandingSender
}

/** What is known of a queue for as long as it has this policy and these tags. */
interface Known {
  readonly policy: string
  readonly tags: Queue['tags']
  readonly bySender: WeakMap<LandingSender, boolean>
}

/**
 * Asks the queue's policy, which alone decides: services have no policies of their own, and the queue's own account needs its leave too. A
 * decision is kept until the queue's policy or tags change, unless it hung on the time. Nothing of this is in snapshots: events say what landed.
 */
export class PolicyLandingLeave implements LandingLeave {
  readonly #policies = new PolicyCache(LANDING_POLICIES_MAX)
  readonly #known = new WeakMap<Queue, Known>()
  readonly #refused: (refused: RefusedLanding) => void

  /** `refused` is told each time, and changes nothing. */
  constructor(refused: (refused: RefusedLanding) => void) {
    this.#refused = refused
  }

  lets(queue: Queue, sender: LandingSender, now: number): boolean {
    const { bySender } = this.#knownOf(queue)
    const isAllowed = bySender.get(sender) ?? this.#decide(queue, sender, now, bySender)
    if (!isAllowed) this.#refused({ queue: queueArn(queue.address), sender })
    return isAllowed
  }

  #knownOf(queue: Queue): Known {
    const { settings, tags } = queue
    let known = this.#known.get(queue)
    if (known?.policy !== settings.policy || known.tags !== tags) {
      known = { policy: settings.policy, tags, bySender: new WeakMap() }
      this.#known.set(queue, known)
    }
    return known
  }

  #decide(queue: Queue, sender: LandingSender, now: number, bySender: Known['bySender']): boolean {
    const { address, settings, tags } = queue
    const policy = settings.policy === '' ? null : this.#policies.of(settings.policy, 'queue')
    const context = new ServiceRequest(sender, { ...address, tags }, now)
    const { kind } = evaluate({
      action: 'sqs:SendMessage',
      caller: {
        principal: { kind: 'service', name: sender.service },
        identityPolicies: [],
        boundary: null,
        sessionPolicies: null,
      },
      target: { arn: queueArn(address), accountId: address.accountId, policy, kind: 'ordinary' },
      context,
    })
    const isAllowed = kind === 'allowed'
    if (!context.askedTime) bySender.set(sender, isAllowed)
    return isAllowed
  }
}
