import type { Step } from '../../../core/service-state.ts'
import type { KmsCommand, KmsCommands, KmsReplies } from '../commands.ts'
import type { KmsContext } from './context.ts'
import type { KmsEvent } from './events.ts'

/** Decides a command of that kind. */
export type Decision<Kind extends keyof KmsCommands> = (
  context: KmsContext,
  command: KmsCommand<Kind>,
  step: Step<KmsEvent>,
) => KmsReplies[Kind]

/** One for each kind. */
export type Decisions<Kinds extends keyof KmsCommands> = { readonly [Kind in Kinds]: Decision<Kind> }

/** That of a kind that isn't known here: who has the command has its kind. */
export type AnyDecision = (
  context: KmsContext,
  command: never,
  step: Step<KmsEvent>,
) => KmsReplies[keyof KmsReplies]
