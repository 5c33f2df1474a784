import { recovering } from '../api/service-unavailable.ts'
import type { Command } from '../core/command.ts'
import type { Abandonable, CellClient } from '../core/ports.ts'

/** Stands for a cell that is still recovering: refuses everything, in a way that clients try again, until it is there. */
export class RecoveringCell implements CellClient {
  #cell: CellClient | null = null

  recovered(cell: CellClient): void {
    this.#cell = cell
  }

  execute(command: Command, connection?: Abandonable): Promise<unknown> {
    if (this.#cell !== null) return this.#cell.execute(command, connection)
    return Promise.reject(recovering())
  }
}
