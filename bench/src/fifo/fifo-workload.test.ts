import { expect, test } from 'vitest'
import type { Command } from '../../../server/src/core/command.ts'
import type { SqsReplies } from '../../../server/src/services/sqs/commands.ts'
import { runFifoWorkload } from './fifo-workload.ts'
import type { FifoPlan } from './plan.ts'
import { StateClient } from './state-client.ts'

const plan = (groups: number | null, loops: number): FifoPlan => ({
  directory: null,
  groups,
  messages: 4000,
  loops,
  bodyBytes: 10,
  seconds: 60,
})

test.each([null, 1, 7, 1000, 4000])('%s groups are filled and emptied', async (groups) => {
  const { send, drain } = await runFifoWorkload(new StateClient(), plan(groups, 1))
  expect(send).toBeGreaterThan(0)
  expect(drain).toBeGreaterThan(0)
})

test('a queue that gives out a group against its order gives no figure', async () => {
  await expect(runFifoWorkload(new Reversing(), plan(1, 1))).rejects.toThrow('received in order')
})

/** Gives out what it receives the wrong way round. */
class Reversing extends StateClient {
  override async execute(command: Command): Promise<unknown> {
    const reply = await super.execute(command)
    if (command.kind !== 'receiveMessages') return reply
    const { messages, bodies } = reply as SqsReplies['receiveMessages']
    return { messages: messages.toReversed(), bodies }
  }
}
