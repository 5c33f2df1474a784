import type { Decisions } from './decision.ts'
import { EVENT } from './events.ts'

/** What accounts set for all their streams in a region. */
export const accountDecisions: Decisions<'getAccount' | 'setAccount'> = {
  getAccount({ accounts }, command, step) {
    return accounts.stateOf(command, step.now)
  },

  setAccount({ accounts }, command, step) {
    const { accountId, region } = command
    const scope = { accountId, region }
    const { commitment: isCommitted, since, until, endsAt } = accounts.stateOf(scope, step.now)
    const willLast = isCommitted && endsAt === null
    if (command.commitment && !willLast) {
      const commitment = { since: isCommitted ? since! : step.now, endsAt: null }
      step.emit({ kind: EVENT.accountChanged, scope, commitment })
    } else if (!command.commitment && willLast) {
      // Whoever commits does so for a while.
      const commitment = { since: since!, endsAt: Math.max(step.now, until!) }
      step.emit({ kind: EVENT.accountChanged, scope, commitment })
    }
    return accounts.stateOf(scope, step.now)
  },
}
