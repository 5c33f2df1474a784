import { expect, test } from 'vitest'
import { CellRig } from '../../../server/test/cell/cell-rig.ts'
import { runRedriveWorkload } from './redrive-workload.ts'

/** A cell whose frames are durable at once, and whose time passes by itself. */
async function rig(): Promise<{ rig: CellRig; stop: () => void }> {
  const opened = await CellRig.open()
  let stopped = false
  const turn = async () => {
    while (!stopped) {
      opened.journal.commit()
      await opened.time.runFor(1)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  void turn()
  return {
    rig: opened,
    stop: () => {
      stopped = true
    },
  }
}

test('every dead letter is counted once it is back', async () => {
  const { rig: cell, stop } = await rig()
  const lap = await runRedriveWorkload(cell.cell, 4, 50, 2000)
  stop()
  expect(lap.messages).toBe(2000)
  expect(lap.seconds).toBeGreaterThan(0)
})

test('a cell that loses a dead letter gives no figure', async () => {
  const { rig: cell, stop } = await rig()
  const losing = {
    execute: async (command: Parameters<typeof cell.cell.execute>[0]) => {
      const dead = { accountId: '000000000000', region: 'us-east-1', name: 'bench-dead' }
      if (command.kind === 'startMoveTask') {
        await cell.cell.execute({ service: 'sqs', kind: 'purgeQueue', queue: dead } as never)
      }
      return cell.cell.execute(command)
    },
  }
  await expect(runRedriveWorkload(losing, 4, 50, 2000)).rejects.toThrow('every message is back')
  stop()
})
