import type { Disorder } from '../commands.ts'
import type { Queue } from './queue.ts'

/**
 * A standard queue that makes use of what AWS allows itself, so that programs are found out which rely on order or on one
 * delivery. What chance says comes with the command, and what follows is told by the events that there are anyway: messages
 * received out of order, some of them visible again at once, and messages visible again that were to be deleted.
 */
const DRAWS = 2 ** 32

/** Messages that are received together, and for how long they are hidden. */
export interface ReceivedPart {
  readonly slots: readonly number[]
  readonly visibilityTimeoutSeconds: number
}

/**
 * Up to `limit` of the available messages, which come as they would be received in order, quiet tenants' first. Noisy ones get what
 * quiet ones leave, and are not shuffled: which of them is next depends on what each has in flight. Takes two draws for each message.
 */
export function receiveOutOfOrder(
  available: readonly number[],
  receive: {
    readonly limit: number
    readonly visibilityTimeoutSeconds: number
    readonly disorder: Disorder
    readonly queue: Queue
  },
): readonly ReceivedPart[] {
  const { limit, visibilityTimeoutSeconds, disorder, queue } = receive
  const quiet = available.filter((slot) => !queue.isOfNoisyTenant(slot))
  const picked = pickAtRandom(quiet, limit, disorder)
  if (picked.length < limit) {
    const noisy = available.filter((slot) => queue.isOfNoisyTenant(slot))
    picked.push(...noisy.slice(0, limit - picked.length))
  }
  const hidden = picked.filter((_, i) => !isDeliveredAgain(disorder, limit + i))
  const left = picked.filter((_, i) => isDeliveredAgain(disorder, limit + i))
  return [
    { slots: hidden, visibilityTimeoutSeconds },
    { slots: left, visibilityTimeoutSeconds: 0 },
  ].filter(({ slots }) => slots.length > 0)
}

/** Whether the draw at `at` says that the message is delivered once more. */
export function isDeliveredAgain({ draws, twicePercent }: Disorder, at: number): boolean {
  return draws[at]! < (twicePercent / 100) * DRAWS
}

/** `count` of the choices (all, if there are no more), as the draws say: any of them, in any order. */
function pickAtRandom(choices: readonly number[], count: number, { draws }: Disorder): number[] {
  const left = [...choices]
  const picked: number[] = []
  while (picked.length < count && left.length > 0) {
    const at = Math.floor((draws[picked.length]! / DRAWS) * left.length)
    picked.push(left[at]!)
    left[at] = left.at(-1)!
    left.pop()
  }
  return picked
}
