import type { CellClient } from '../../src/core/ports.ts'
import { KinesisOperations } from './kinesis-operations.ts'
import { StreamLife } from './stream-life.ts'

/** Kinesis on its state. */
export class KinesisOnState extends KinesisOperations {
  readonly life: StreamLife

  constructor() {
    const life = new StreamLife()
    const cell: CellClient = {
      // What is thrown is to be a refusal of the promise.
      execute: async (command) => life.ask(command.kind as never, command as never),
    }
    super(cell)
    this.life = life
  }

  get now(): number {
    return this.life.now
  }

  set now(time: number) {
    this.life.now = time
  }
}
