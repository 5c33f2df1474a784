import type { Step } from '../../../core/service-state.ts'
import type { Units } from '../../../core/units.ts'
import type { IamCommand, IamCommands, IamReplies } from '../commands.ts'
import type { Directory } from './directory.ts'
import type { IamEvent } from './events.ts'
import type { Root } from './root.ts'

/** What decisions and events work on. */
export interface IamContext {
  readonly units: Units
  readonly directory: Directory
  readonly root: Root
}

/** One for each kind of command. */
export type Decisions<Kinds extends keyof IamCommands> = {
  readonly [Kind in Kinds]: (
    context: IamContext,
    command: IamCommand<Kind>,
    step: Step<IamEvent>,
  ) => IamReplies[Kind]
}
