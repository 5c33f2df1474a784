import type { Command } from '../core/command.ts'
import type { Abandonable, CellClient } from '../core/ports.ts'

/**
 * A cell with somebody who looks on: no answer is given before what it tells of is there to be seen. To see may take longer than
 * to decide, where another service has to be asked what a message says.
 */
export class ObservedCell implements CellClient {
  readonly #cell: CellClient
  readonly #caughtUp: () => Promise<void> | null

  /** `caughtUp` resolves when all that happened by now is seen; null if it is. */
  constructor(cell: CellClient, caughtUp: () => Promise<void> | null) {
    this.#cell = cell
    this.#caughtUp = caughtUp
  }

  async execute(command: Command, connection?: Abandonable): Promise<unknown> {
    const reply = await this.#cell.execute(command, connection)
    await this.#caughtUp()
    return reply
  }
}
