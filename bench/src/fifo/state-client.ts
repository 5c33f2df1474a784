import type { Command } from '../../../server/src/core/command.ts'
import { Machine } from '../../../server/src/core/machine.ts'
import type { CellClient } from '../../../server/src/core/ports.ts'
import type { StateHost } from '../../../server/src/core/service-state.ts'
import { Units } from '../../../server/src/core/units.ts'
import { SqsState } from '../../../server/src/services/sqs/state/sqs-state.ts'

const BODY = new Uint8Array(1)

/**
 * A cell without a journal, which answers at once: what deciding, applying and encoding cost, and nothing else. It keeps
 * no bodies.
 */
export class StateClient implements CellClient {
  readonly #machine: Machine
  #bodies = 0

  constructor() {
    const host: StateHost = {
      release: () => {},
      read: (bodyIds) => bodyIds.map(() => BODY),
      wake: () => {},
    }
    this.#machine = new Machine([new SqsState(new Units(), host)])
  }

  async execute(command: Command): Promise<unknown> {
    this.#machine.advance(Math.max(Date.now(), this.#machine.now))
    const outcome = this.#machine.execute(command, this.#bodies)
    this.#bodies += outcome.bodies.length
    return outcome.reply
  }
}
