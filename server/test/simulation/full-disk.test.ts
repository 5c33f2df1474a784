import { expect, test } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import { address, ask, createQueues, pause } from './clients.ts'
import { History } from './history.ts'
import { bodyOf, readBody } from './message-bodies.ts'
import { receiveAll } from './receive-all.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'

const CAPACITY_BYTES = 1_500_000
const FLOOR_BYTES = 500_000
const SPACE = { reserveBytes: 65_536, headroomBytes: 32_768, askAfterBytes: 16_384, askAfterMilliseconds: 50 }

test('on a full disk sends are refused, receives and deletes go on, and make room for sends again', {
  timeout: 60_000,
}, async () => {
  for (const seed of [1, 2, 3]) {
    const time = new SimulatedTime(Date.UTC(2026, 0, 1), new SeededRandom(seed))
    const random = new SeededRandom(seed)
    const history = new History()
    const disk = new SimulatedDisk({ random, timers: time, capacityBytes: CAPACITY_BYTES })
    const failures: Error[] = []
    const open = (on: SimulatedDisk) =>
      openServer({
        disk: on,
        time,
        random,
        limits: SMALL_FILES,
        space: { clock: time, floorBytes: FLOOR_BYTES, limits: SPACE },
        onFailure: (error) => failures.push(error),
      })
    const cell = await time.settle(open(disk))
    await time.settle(createQueues(cell))
    const queue = address('events')
    let place = 0

    /** True if it was taken. Time passes, as between any two requests. */
    const send = async (): Promise<boolean> => {
      const id = `events-1-${++place}`
      const sent = history.send({ id, queue: 'events', producer: 1, place })
      const body = bodyOf(id)
      await pause(time, 10)
      try {
        const messages = [{ body: 0, sizeBytes: body.length, delaySeconds: undefined }]
        await ask(cell, { service: 'sqs', kind: 'sendMessages', queue, messages, bodies: [body] })
        sent.acknowledged = true
        return true
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError)
        expect(error).toMatchObject({ shape: { code: 'ServiceUnavailable', status: 503 } })
        return false
      }
    }
    /** Receives and deletes ten messages; how many there were. */
    const consume = async (): Promise<number> => {
      const receiving = { visibilityTimeoutSeconds: 30, waitSeconds: 0, tags: random.bytes(80) }
      const asked = time.now()
      const { messages, bodies } = await ask(cell, {
        service: 'sqs',
        kind: 'receiveMessages',
        queue,
        limit: 10,
        ...receiving,
      })
      const contents = await bodies
      const receipts = messages.map(({ receipt }) => receipt)
      const outcomes = await ask(cell, { service: 'sqs', kind: 'deleteMessages', queue, receipts })
      for (const [i, { receipt }] of messages.entries()) {
        const { id, intact } = readBody(contents[i]!)
        const sent = history.received(id, intact, receipt, time.now(), asked)!
        sent.mayBeGone = true
        if (outcomes[i] === null) sent.goneAt = time.now()
      }
      await pause(time, 10)
      return messages.length
    }

    for (let round = 0; round < 2; round++) {
      let taken = 0
      while (await time.settle(send())) expect(++taken).toBeLessThan(10_000)
      expect(taken, `seed ${seed}, round ${round}`).toBeGreaterThan(50)
      for (let i = 0; i < 20; i++) expect(await time.settle(send())).toBe(false)
      // Nothing is left but to receive and delete: that has to find room, and to make some.
      while ((await time.settle(consume())) > 0) expect(failures).toEqual([])
      await time.runFor(10_000)
      // The first to come may hear how it was when anyone last asked.
      const tries = [await time.settle(send()), await time.settle(send()), await time.settle(send())]
      expect(tries.at(-1), `seed ${seed}, round ${round}`).toBe(true)
    }
    await time.settle(cell.close())
    expect(failures).toEqual([])
    const next = await time.settle(open(disk.crash()))
    expect(await receiveAll({ cell: next, time, random, history })).toEqual([])
    history.checkAll()
    expect(history.violations).toEqual([])
  }
})
