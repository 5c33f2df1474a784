import { beforeEach, describe, expect, test } from 'vitest'
import { ContractSubject, type JournalPlace } from '../../test/journal/contract-subject.ts'
import { SeededRandom } from '../base/random.ts'
import { JournalError, type JournalListener, type Recovery } from './journal.ts'

/** One store that an engine keeps its journal in. Each test has a fresh one. */
export interface JournalStore extends JournalPlace {
  /** Left out by engines that keep nothing. */
  readonly durable?: DurableStore
}

/** What can happen to a store that keeps what is durable. */
export interface DurableStore {
  /** The process is gone: nothing that was open goes on. */
  kill(): void
  /** So is all that was not durable, or part of it. */
  crash(): void
  /** The next attempt to make something durable fails. */
  failNextSync(): void
}

/** Runs the suite that every engine passes. `newStore` makes an empty store that `seed` decides the fate of. */
export function journalContract(name: string, newStore: (seed: number) => JournalStore): void {
  let store: JournalStore
  let subject: ContractSubject

  const newSubject = async (seed: number) => {
    store = newStore(seed)
    subject = await ContractSubject.open(store)
  }

  beforeEach(async () => {
    await newSubject(1)
  })

  describe(`${name}: appends`, () => {
    test('body ids are dense, in the order of the appends, over frames', async () => {
      const first = subject.journal.nextBodyId
      expect(subject.append([3, 0, 5]).bodyIds).toEqual([first, first + 1, first + 2])
      expect(subject.append([]).bodyIds).toEqual([])
      await subject.durable()
      expect(subject.append([1]).bodyIds).toEqual([first + 3])
      expect(subject.journal.nextBodyId).toBe(first + 4)
    })

    test('an append belongs to the open frame, and frames only go up', async () => {
      let last = subject.journal.durableFrame
      expect(subject.journal.openFrame).toBeGreaterThan(last)
      for (let i = 0; i < 20; i++) {
        const { frame } = subject.append([10])
        expect(frame).toBeGreaterThanOrEqual(last)
        expect(frame).toBe(subject.journal.openFrame)
        last = frame
        if (i % 7 === 6) await subject.durable()
      }
    })

    test('nothing is durable before append has returned, and nobody is told so', async () => {
      const { frame } = subject.append([10])
      expect(subject.journal.durableFrame).toBeLessThan(frame)
      expect(subject.durableFrames).toEqual([])
      await subject.durable()
      expect(subject.journal.durableFrame).toBeGreaterThanOrEqual(frame)
    })

    test('the listener hears of durable frames in rising order, up to the last append, and never of the open frame', async () => {
      for (let i = 0; i < 30; i++) {
        subject.append([100])
        if (i % 4 === 0) await subject.durable()
      }
      await subject.durable()
      const heard = subject.durableFrames
      expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b))
      expect(heard.at(-1)).toBeGreaterThanOrEqual(subject.lastFrame)
      expect(subject.openFrameHeard).toBe(false)
    })

    test('an append without events or bodies is durable in its turn', async () => {
      const frame = subject.journal.append(subject.now, new Uint8Array(0), [])
      await subject.durable(frame)
      expect(subject.journal.durableFrame).toBeGreaterThanOrEqual(frame)
    })
  })

  describe(`${name}: bodies`, () => {
    test('a body can be read at once after its append, and again when it is durable', async () => {
      const { bodyIds } = subject.append([5, 0, 300])
      await subject.expectBodies(bodyIds)
      await subject.durable()
      await subject.expectBodies(bodyIds)
    })

    test('bodies come in the order asked for, be it any, with repetitions', async () => {
      const ids = [...subject.append([10, 20]).bodyIds, ...subject.append([30]).bodyIds]
      await subject.durable()
      ids.push(...subject.append([40]).bodyIds)
      await subject.expectBodies([ids[3]!, ids[0]!, ids[2]!, ids[0]!, ids[1]!])
      await subject.expectBodies([])
    })

    test('large bodies come back whole', async () => {
      const { bodyIds } = subject.append([1_048_576, 65_536, 65_537, 1, 200_000])
      await subject.expectBodies(bodyIds)
      await subject.durable()
      await subject.expectBodies(bodyIds.toReversed())
    })

    test('an id that was never given out is refused', async () => {
      const { bodyIds } = subject.append([10])
      await expect(subject.read([...bodyIds, bodyIds[0]! + 1])).rejects.toThrow(JournalError)
    })

    test('a body that was released is refused, and its neighbours are not', async () => {
      const { bodyIds } = subject.append([10, 20, 30])
      await subject.durable()
      subject.release(bodyIds[1]!)
      await expect(subject.read([bodyIds[1]!])).rejects.toThrow(JournalError)
      await subject.expectBodies([bodyIds[0]!, bodyIds[2]!])
    })

    test('a body stays until its last reference is released', async () => {
      const { bodyIds } = subject.append([10])
      const [body] = bodyIds
      subject.retain(body!)
      subject.retain(body!, 2)
      subject.release(body!)
      await subject.durable()
      subject.release(body!)
      subject.release(body!)
      await subject.expectBodies(bodyIds)
      subject.release(body!)
      await expect(subject.read(bodyIds)).rejects.toThrow(JournalError)
    })

    test('a body may be released before it is durable', async () => {
      const { bodyIds } = subject.append([10, 20])
      subject.release(bodyIds[0]!)
      await subject.durable()
      await subject.expectBodies([bodyIds[1]!])
    })

    test('bodies of all lifetimes are kept and let go of alike', async () => {
      const before = subject.journal.stats().liveBytes
      const { bodyIds } = subject.append([10, 20, 30, 40], 0, [3, 0, 2, 1])
      const all = [...bodyIds, ...subject.append([50]).bodyIds]
      await subject.durable()
      await subject.expectBodies(all)
      subject.retain(bodyIds[0]!)
      subject.release(bodyIds[0]!)
      expect(subject.journal.stats().liveBytes - before).toBe(150)
      for (const bodyId of all) subject.release(bodyId)
      expect(subject.journal.stats().liveBytes).toBe(before)
    })

    test('live bytes are those of bodies that somebody refers to', async () => {
      const before = subject.journal.stats().liveBytes
      const { bodyIds } = subject.append([1000, 500])
      subject.retain(bodyIds[0]!)
      expect(subject.journal.stats().liveBytes - before).toBeGreaterThanOrEqual(1500)
      subject.release(bodyIds[0]!)
      const withBoth = subject.journal.stats().liveBytes
      subject.release(bodyIds[0]!)
      expect(withBoth - subject.journal.stats().liveBytes).toBeGreaterThanOrEqual(1000)
      await subject.durable()
    })
  })

  describe(`${name}: snapshots`, () => {
    test('a snapshot covers every append before it and none after', async () => {
      const before = subject.append([10])
      const writer = subject.journal.beginSnapshot()
      const after = subject.append([10])
      expect(writer.frame).toBeGreaterThanOrEqual(before.frame)
      expect(after.frame).toBeGreaterThan(writer.frame)
      await store.settle(writer.write(16, new Uint8Array(10)))
      await store.settle(writer.finish())
      expect(subject.journal.stats().snapshotFrame).toBeLessThanOrEqual(writer.frame)
    })

    test('snapshots are taken one at a time, over and over, also when nothing happened between', async () => {
      for (let i = 0; i < 5; i++) {
        const writer = subject.journal.beginSnapshot()
        expect(() => subject.journal.beginSnapshot()).toThrow()
        await store.settle(writer.write(16, new Uint8Array(10)))
        await store.settle(i === 3 ? writer.abort() : writer.finish())
      }
    })
  })

  describe(`${name}: the end`, () => {
    test('close makes everything durable, and says so before it resolves', async () => {
      const { frame } = subject.append([10])
      await store.settle(subject.journal.close())
      expect(subject.durableFrames.at(-1)).toBeGreaterThanOrEqual(frame)
      expect(subject.journal.durableFrame).toBeGreaterThanOrEqual(frame)
      expect(subject.failures).toEqual([])
    })

    test('a closed journal takes nothing more', async () => {
      await store.settle(subject.journal.close())
      expect(() => subject.append([10])).toThrow(JournalError)
      expect(() => subject.journal.beginSnapshot()).toThrow(JournalError)
    })
  })

  if (newStore(1).durable === undefined) return

  const durableStore = () => {
    const { durable } = store
    if (durable === undefined) throw new Error('the store keeps what is durable')
    return durable
  }

  describe(`${name}: after a restart`, () => {
    test('every append is replayed, whole, in order, with its frame and its time', async () => {
      for (let i = 0; i < 50; i++) {
        subject.append([i], i * 13)
        subject.now += i % 3
        if (i % 5 === 0) await subject.durable()
      }
      await subject.reopen()
      subject.expectReplayed(0, 50)
      await subject.reopen()
      subject.expectReplayed(0, 50)
    })

    test('events of any length are replayed', async () => {
      for (const bytes of [0, 1, 65_535, 65_536, 65_537, 300_000, 1]) subject.append([], bytes)
      await subject.reopen()
      subject.expectReplayed(0, 7)
    })

    test('bodies that are live can be read, others cannot, and no id is given out twice', async () => {
      const kept = subject.append([100, 70_000])
      const released = subject.append([50])
      await subject.durable()
      subject.release(released.bodyIds[0]!)
      const next = subject.journal.nextBodyId
      await subject.reopen()
      expect(subject.journal.nextBodyId).toBe(next)
      await subject.expectBodies(kept.bodyIds)
      await expect(subject.read(released.bodyIds)).rejects.toThrow(JournalError)
      await subject.expectBodies([...subject.append([10]).bodyIds, ...kept.bodyIds])
    })

    test('no id is given out twice though no body is left', async () => {
      const { bodyIds } = subject.append([100])
      subject.release(bodyIds[0]!)
      await subject.reopen()
      expect(subject.journal.nextBodyId).toBe(bodyIds[0]! + 1)
      await subject.reopen()
      expect(subject.journal.nextBodyId).toBe(bodyIds[0]! + 1)
    })

    test('bodies are kept whatever lifetimes the state tells', async () => {
      const { bodyIds } = subject.append([100, 200, 300], 0, [1, 0, 3])
      const { liveBytes } = subject.journal.stats()
      await subject.reopen()
      expect(subject.journal.stats().liveBytes).toBe(liveBytes)
      await subject.expectBodies(bodyIds)
      for (const bodyId of bodyIds) subject.release(bodyId)
      expect(subject.journal.stats().liveBytes).toBe(liveBytes - 600)
    })

    test('references are counted as the state tells them', async () => {
      const { bodyIds } = subject.append([100])
      subject.retain(bodyIds[0]!)
      await subject.reopen()
      subject.release(bodyIds[0]!)
      await subject.expectBodies(bodyIds)
      subject.release(bodyIds[0]!)
      await expect(subject.read(bodyIds)).rejects.toThrow(JournalError)
    })

    test('the newest snapshot is restored, and only what came after it replayed', async () => {
      subject.append([10])
      await subject.snapshot(
        new Map([
          [16, 5],
          [900, 100_000],
        ]),
      )
      const before = subject.appends.length
      for (let i = 0; i < 3; i++) subject.append([10])
      await subject.reopen()
      subject.expectRestored()
      subject.expectReplayed(before, 4)
    })

    test('units that a snapshot keeps are as they were, through any number of snapshots', async () => {
      for (let i = 0; i < 6; i++) {
        subject.append([10])
        await subject.snapshot(
          new Map([
            [16 + i, 2000],
            [16, 300 + i],
          ]),
        )
        if (i % 2 === 0) continue
        await subject.reopen()
        subject.expectRestored()
      }
    })

    test('a snapshot that was aborted, or not finished, is as if it had never been', async () => {
      subject.append([10])
      await subject.snapshot(new Map([[16, 10]]))
      const before = subject.appends.length
      subject.append([10])
      const aborted = subject.journal.beginSnapshot()
      await store.settle(aborted.write(16, new Uint8Array(500_000)))
      await store.settle(aborted.abort())
      const unfinished = subject.journal.beginSnapshot()
      await store.settle(unfinished.write(16, new Uint8Array(500_000)))
      await subject.durable()
      durableStore().kill()
      await subject.openAgain()
      subject.expectRestored()
      subject.expectReplayed(before, 2)
    })

    test('what is appended while a snapshot is written is replayed on top of it', async () => {
      subject.append([10])
      const before = subject.appends.length
      await subject.snapshot(
        new Map([
          [16, 400_000],
          [17, 400_000],
          [18, 10],
        ]),
        () => subject.append([20]),
      )
      await subject.reopen()
      subject.expectRestored()
      subject.expectReplayed(before, 4)
    })

    test('a state that cannot replay stops the opening', async () => {
      subject.append([10])
      await store.settle(subject.journal.close())
      const broken: Recovery = {
        restore: () => {},
        replay: () => {
          throw new Error('unknown event')
        },
        live: () => {},
      }
      const listener: JournalListener = { onDurable: () => {}, onFailure: () => {} }
      await expect(store.settle(store.open(broken, listener))).rejects.toThrow('unknown event')
      durableStore().kill()
      await subject.openAgain()
      subject.expectReplayed(0, 1)
    })
  })

  describe(`${name}: after a failure`, () => {
    test('it is reported once, nothing is durable any more, and every call fails', async () => {
      subject.append([10])
      await subject.durable()
      const durableFrame = subject.journal.durableFrame
      durableStore().failNextSync()
      const { frame } = subject.append([10])
      await store.settle(subject.failure)
      expect(subject.failures[0]).toBeInstanceOf(JournalError)
      expect(subject.durableFrames.every((heard) => heard < frame)).toBe(true)
      expect(() => subject.append([10])).toThrow(JournalError)
      expect(() => subject.journal.beginSnapshot()).toThrow(JournalError)
      await expect(store.settle(subject.journal.close())).rejects.toThrow(JournalError)
      expect(subject.failures.length).toBe(1)
      expect(subject.journal.durableFrame).toBe(durableFrame)
    })

    test('what was reported durable before is there after the restart', async () => {
      for (let i = 0; i < 5; i++) subject.append([10])
      await subject.durable()
      durableStore().failNextSync()
      subject.append([10])
      await store.settle(subject.failure)
      await store.settle(subject.journal.close()).catch(() => {})
      durableStore().crash()
      await subject.openAgain()
      expect(subject.replayedAppends).toBeGreaterThanOrEqual(5)
      subject.expectReplayed(0, subject.replayedAppends)
    })

    test('at any moment a crash leaves the appends up to some point, each whole, and all that were durable', async () => {
      for (let seed = 1; seed <= 25; seed++) {
        await newSubject(seed)
        const random = new SeededRandom(seed)
        for (let life = 0; life < 3; life++) {
          const appends = 1 + random.below(12)
          for (let i = 0; i < appends; i++) {
            subject.append([random.below(3000), random.below(10)], random.below(2000))
            if (random.chance(0.4)) await subject.durable()
            else await subject.steps(random.below(6))
          }
          const acknowledged = subject.acknowledgedAppends
          if (random.chance(0.7)) durableStore().crash()
          else durableStore().kill()
          await subject.openAgain()
          expect(subject.replayedAppends, `seed ${seed}`).toBeGreaterThanOrEqual(acknowledged)
          subject.expectReplayed(0, subject.replayedAppends)
          subject.forgetLost()
          await subject.expectBodies(subject.liveBodies())
        }
      }
    })
  })
}
