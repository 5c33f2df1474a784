import type { Step } from '../../../core/service-state.ts'
import type { KinesisCommand, KinesisCommands, KinesisReplies } from '../commands.ts'
import type { KinesisContext } from './context.ts'
import type { KinesisEvent } from './events.ts'

/** Decides a command of that kind. */
export type Decision<Kind extends keyof KinesisCommands> = (
  context: KinesisContext,
  command: KinesisCommand<Kind>,
  step: Step<KinesisEvent>,
) => KinesisReplies[Kind]

/** One for each kind. */
export type Decisions<Kinds extends keyof KinesisCommands> = { readonly [Kind in Kinds]: Decision<Kind> }

/** That of a kind that isn't known here: who has the command has its kind. */
export type AnyDecision = (
  context: KinesisContext,
  command: never,
  step: Step<KinesisEvent>,
) => KinesisReplies[keyof KinesisReplies]
