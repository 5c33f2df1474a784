import type { Journal, Lifetime, Recovery } from '../../src/journal/journal.ts'

/** Of every eight bodies that queues and topics store for a short time, three pass for some that are needed longer. */
const LIFETIMES: readonly Lifetime[] = [0, 1, 0, 0, 3, 0, 2, 0]

/** The lifetime that a body has by its id, unless whoever stores it says one: the same before a start and after it. */
function lifetimeOf(bodyId: number): Lifetime {
  return LIFETIMES[bodyId % LIFETIMES.length]!
}

/** Hands on what the state says while the journal opens, with assorted lifetimes. */
export function withLifetimes(recovery: Recovery): Recovery {
  return {
    restore: (units, now) => recovery.restore(units, now),
    replay: (frame) => recovery.replay(frame),
    live: (visit) =>
      recovery.live((bodyId, bytes, lifetime = lifetimeOf(bodyId)) => visit(bodyId, bytes, lifetime)),
  }
}

/** From now on bodies that are appended without lifetimes get assorted ones. */
export function assortLifetimes(journal: Journal): Journal {
  const append = journal.append.bind(journal)
  journal.append = (now, events, bodies, lifetimes) => {
    const first = journal.nextBodyId
    return append(now, events, bodies, lifetimes ?? bodies.map((_, i) => lifetimeOf(first + i)))
  }
  return journal
}
