import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DirectoryInUseError, lockDirectory } from './directory-lock.ts'

let directory: string

beforeEach(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), 'millrace-lock-'))
})

afterEach(async () => {
  await fs.rm(directory, { recursive: true })
})

/** What this process writes into a lock, changed for the case at hand, as the only lock of the directory. */
async function plantLock(change: Record<string, unknown>): Promise<void> {
  const scratch = await fs.mkdtemp(join(directory, 'scratch-'))
  await lockDirectory(scratch)
  const own: unknown = JSON.parse(await fs.readFile(join(scratch, 'lock.1'), 'utf8'))
  await fs.writeFile(join(directory, 'lock.5'), JSON.stringify(Object.assign({}, own, change)))
}

async function pidOfTheDead(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

test('a directory is locked once, and the refusal says by whom', async () => {
  const lock = await lockDirectory(directory)
  const refused = lockDirectory(directory)
  await expect(refused).rejects.toThrow(DirectoryInUseError)
  await expect(refused).rejects.toThrow(`process ${process.pid} on `)
  await lock.release()
})

test('a released directory can be locked again, any number of times, and keeps two files at most', async () => {
  for (let i = 0; i < 10; i++) {
    const lock = await lockDirectory(directory)
    await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUseError)
    await lock.release()
  }
  expect((await fs.readdir(directory)).length).toBe(2)
})

test('the lock of a process that is dead is taken over', async () => {
  await plantLock({ pid: await pidOfTheDead() })
  await lockDirectory(directory)
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUseError)
})

test.skipIf(process.platform !== 'linux')(
  'a lock whose pid belongs to a later process now is taken over',
  async () => {
    await plantLock({ started: '1' })
    await lockDirectory(directory)
  },
)

test('a lock from before the machine was started again is taken over', async () => {
  await plantLock({ boot: 'another' })
  await lockDirectory(directory)
})

test('a lock from another machine is respected, and the refusal says what to do', async () => {
  await plantLock({ host: 'elsewhere', pid: 1 })
  await expect(lockDirectory(directory)).rejects.toThrow(/process 1 on elsewhere.*remove .*lock\.5/)
})

test('a lock that cannot be read is respected', async () => {
  for (const content of ['{', 'null', '{"pid":"1"}', '{"pid":1,"host":"a"}']) {
    await fs.writeFile(join(directory, 'lock.1'), content)
    await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUseError)
  }
})

test('of many that start at once exactly one gets the lock, over a free, a released and a dead one', async () => {
  const contend = async () => {
    const ends = await Promise.allSettled(Array.from({ length: 16 }, () => lockDirectory(directory)))
    const won = ends.filter((end) => end.status === 'fulfilled')
    expect(won.length).toBe(1)
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(DirectoryInUseError)
    }
    return won[0]!.value
  }
  for (let round = 0; round < 10; round++) await (await contend()).release()
  await plantLock({ pid: await pidOfTheDead() })
  await (await contend()).release()
})

test('what a process left that died while it claimed the lock is removed', async () => {
  await fs.writeFile(join(directory, 'lock-claim-host-1-0'), '')
  await lockDirectory(directory)
  expect(await fs.readdir(directory)).toEqual(['lock.1'])
})
