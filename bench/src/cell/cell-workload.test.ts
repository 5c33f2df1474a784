import { expect, test } from 'vitest'
import type { Command } from '../../../server/src/core/command.ts'
import type { CellClient } from '../../../server/src/core/ports.ts'
import { Stopwatch } from '../stopwatch.ts'
import { runCellWorkload } from './cell-workload.ts'

test('what was sent is received, read and deleted, and counted once', async () => {
  const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY)
  const cell = new QueueInMemory(stopwatch, 1000)
  await runCellWorkload(cell, 4, 400, stopwatch)
  expect(cell.deleted).toBe(cell.sent)
  // The last batch of each of the four loops came after the watch had stopped.
  expect(stopwatch.lap.messages).toBe(960)
})

test.each([
  ['loses a message', { loses: 7 }, 'every receive is full'],
  ['refuses a message', { refuses: 7 }, 'every message is accepted'],
  ['keeps a message that it says is deleted', { keeps: 7 }, 'the queue is empty'],
  ['cuts a body', { cuts: 7 }, 'every body is whole'],
])('a cell that %s gives no figure', async (_, defect, complaint) => {
  const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY)
  const cell = new QueueInMemory(stopwatch, 100, defect)
  await expect(runCellWorkload(cell, 2, 400, stopwatch)).rejects.toThrow(complaint)
})

/** Which message, counted from 0, the defect hits. */
interface Defect {
  readonly loses?: number
  readonly refuses?: number
  readonly keeps?: number
  readonly cuts?: number
}

/** As much of a cell as the workload asks for. Stops the watch when so many messages are deleted. */
class QueueInMemory implements CellClient {
  sent = 0
  deleted = 0
  readonly #stopwatch: Stopwatch
  readonly #messages: number
  readonly #defect: Defect
  readonly #bodies: Uint8Array[] = []
  readonly #waiting: number[] = []

  constructor(stopwatch: Stopwatch, messages: number, defect: Defect = {}) {
    this.#stopwatch = stopwatch
    this.#messages = messages
    this.#defect = defect
  }

  async execute(command: Command): Promise<unknown> {
    switch (command.kind) {
      case 'sendMessages':
        return (command.bodies ?? []).map((body) => this.#send(body))
      case 'receiveMessages': {
        const slots = this.#waiting.splice(0, 10)
        return {
          messages: slots.map((slot) => ({ receipt: { slot } })),
          bodies: slots.map((slot) => this.#bodies[slot]!),
        }
      }
      case 'deleteMessages':
        this.deleted += 10
        if (this.deleted >= this.#messages) this.#stopwatch.stop()
        return Array.from({ length: 10 }, () => null)
      case 'getQueue': {
        const inFlightMessages = this.#defect.keeps === undefined ? 0 : 1
        return { waitingMessages: this.#waiting.length, inFlightMessages }
      }
      default:
        return null
    }
  }

  #send(body: Uint8Array): object | null {
    const id = this.sent++
    if (id === this.#defect.refuses) return { message: 'the queue is full' }
    this.#bodies.push(id === this.#defect.cuts ? body.subarray(1) : body)
    if (id !== this.#defect.loses) this.#waiting.push(id)
    return null
  }
}
