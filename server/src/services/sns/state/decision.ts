import type { Step } from '../../../core/service-state.ts'
import type { SnsCommand, SnsReplies } from '../commands.ts'
import type { SnsContext } from './context.ts'
import type { SnsEvent } from './events.ts'

/** Decides a command of that kind. */
export type Decision<Kind extends SnsCommand['kind']> = (
  context: SnsContext,
  command: SnsCommand<Kind>,
  step: Step<SnsEvent>,
) => SnsReplies[Kind]

/** One for each kind. */
export type Decisions<Kinds extends SnsCommand['kind']> = { readonly [Kind in Kinds]: Decision<Kind> }

/** That of a kind that isn't known here: who has the command has its kind. */
export type AnyDecision = (
  context: SnsContext,
  command: never,
  step: Step<SnsEvent>,
) => SnsReplies[keyof SnsReplies]
