import { expect, test } from 'vitest'
import { aliasNamed, DAY_MS, GRANT, KeyLife, keyNamed, START } from '../../../../test/kms/key-life.ts'

const DAYS = { days: 7 }

test('a key is there until its time has come, also after a restart from a snapshot or from the journal', () => {
  const life = new KeyLife()
  life.ask('createKey')
  life.ask('createAlias', { alias: aliasNamed('a') })
  life.ask('scheduleDeletion', DAYS)
  const snapshot = { units: life.finish(life.cut()), now: life.now }
  for (const again of [life, life.restarted(snapshot, []), life.restarted(null, life.log)]) {
    expect(again.machine.nextWakeAt).toBe(START + 7 * DAY_MS)
    again.wait(7 * DAY_MS - 1)
    expect(again.view().settings.deletion).toEqual({ at: START + 7 * DAY_MS, days: 7 })
    again.wait(1)
    expect(again.ask('listKeys').ids).toEqual([])
    expect(again.ask('listAliases', { key: null }).aliases).toEqual([])
    expect(again.machine.nextWakeAt).toBe(Number.POSITIVE_INFINITY)
  }
})

test('keys are gone in the order of their times, and one that was kept stays', () => {
  const life = new KeyLife()
  const names = ['k1', 'k2', 'k3', 'k4']
  for (const [i, name] of names.entries()) {
    life.ask('createKey', { key: keyNamed(name), material: { id: `m${i}`, sealed: new Uint8Array(0) } })
  }
  for (const [name, days] of [
    ['k3', 9],
    ['k1', 7],
    ['k2', 8],
    ['k4', 8],
  ] as const) {
    life.ask('scheduleDeletion', { key: keyNamed(name), days })
  }
  life.ask('cancelDeletion', { key: keyNamed('k2') })
  const left: (readonly string[])[] = []
  for (let day = 0; day < 9; day++) {
    life.wait(DAY_MS)
    left.push(life.ask('listKeys').ids)
  }
  expect(left.slice(5)).toEqual([names, ['k2', 'k3', 'k4'], ['k2', 'k3'], ['k2']])
})

test('a jump over many deletions is the same as getting there in steps', () => {
  const make = () => {
    const life = new KeyLife()
    for (let i = 0; i < 20; i++) {
      const name = `k${i}`
      life.ask('createKey', { key: keyNamed(name) })
      life.ask('createAlias', { key: keyNamed(name), alias: aliasNamed(name) })
      life.ask('scheduleDeletion', { key: keyNamed(name), days: 7 + (i % 5) })
    }
    return life
  }
  const [jumped, stepped] = [make(), make()]
  jumped.wait(10 * DAY_MS)
  for (let i = 0; i < 10; i++) stepped.wait(DAY_MS)
  expect(jumped.content()).toEqual(stepped.content())
})

test('the time that a deletion was asked for counts, and the same id may be used again after it', () => {
  const life = new KeyLife()
  life.ask('createKey', { description: 'old' })
  life.ask('scheduleDeletion', DAYS)
  life.wait(7 * DAY_MS)
  life.ask('createKey', { description: 'new' })
  expect(life.view().settings).toMatchObject({ description: 'new', deletion: null })
  expect(life.restarted(null, life.log).content()).toEqual(life.content())
})

test('what changes nothing is no event', () => {
  const life = new KeyLife()
  life.ask('createKey', { tags: { a: 'b' } })
  life.ask('createAlias', { alias: aliasNamed('a') })
  const { length } = life.log
  life.ask('enableKey')
  life.ask('changeKey', { changes: { description: '', policy: '{}' } })
  life.ask('tagKey', { tags: { a: 'b' } })
  life.ask('untagKey', { keys: ['c'] })
  life.ask('setRotation', { days: null })
  life.ask('updateAlias', { alias: aliasNamed('a') })
  life.ask('rotateDueKey', { due: 5 })
  life.ask('createGrant', { isDryRun: true })
  life.ask('noteUse', { key: keyNamed('none'), use: { operation: 'Encrypt', at: 1, requestId: 'r' } })
  expect(life.log).toHaveLength(length)
})

test('a key has 50 tags, 50 aliases and 50,000 grants, and an account 100,000 keys', () => {
  const life = new KeyLife()
  life.ask('createKey')
  for (let i = 0; i < 50_000; i++) life.ask('createGrant', { grant: { ...GRANT, id: `g${i}` } })
  expect(life.refusal('createGrant', { grant: { ...GRANT, id: 'one more' } })).toContain(
    'LimitExceededException',
  )
  for (let i = 1; i < 100_000; i++) life.ask('createKey', { key: keyNamed(`k${i + 1}`) })
  expect(life.refusal('createKey', { key: keyNamed('one more') })).toContain('LimitExceededException')
  // Those that AWS would manage don't count, nor do those elsewhere.
  life.ask('createKey', { key: keyNamed('aws'), manager: 'AWS', alias: 'alias/aws/sqs' })
  life.ask('createKey', { key: { ...keyNamed('k'), region: 'us-east-1' } })
  life.ask('scheduleDeletion', DAYS)
  life.wait(7 * DAY_MS)
  life.ask('createKey', { key: keyNamed('one more') })
}, 60_000)

test('grants of a key that is gone are let go of in pieces, and seen by nobody', () => {
  const life = new KeyLife()
  life.ask('createKey')
  const empty = life.finish(life.cut()).size
  for (let i = 0; i < 2000; i++) life.ask('createGrant', { grant: { ...GRANT, id: `g${i}`, retiring: 'p' } })
  life.ask('scheduleDeletion', DAYS)
  expect(life.finish(life.cut()).size).toBe(empty + 2000)
  life.wait(7 * DAY_MS)
  expect(life.ask('listRetirableGrants', { principal: 'p' }).grants).toEqual([])
  expect(life.tidy()).toBeGreaterThan(3)
  expect(life.finish(life.cut()).size).toBe(empty - 1)
})

test('a snapshot under way names the grants of a key that goes meanwhile', () => {
  const life = new KeyLife()
  life.ask('createKey')
  for (let i = 0; i < 20; i++) life.ask('createGrant', { grant: { ...GRANT, id: `g${i}` } })
  life.ask('scheduleDeletion', DAYS)
  const { now } = life
  const cut = life.cut()
  life.wait(7 * DAY_MS)
  life.tidy()
  const units = life.finish(cut)
  // As somebody finds it who starts from that snapshot at the time that it is of.
  const then = new KeyLife().restarted({ units, now }, [])
  expect(then.ask('listGrants').grants).toHaveLength(20)
})

test('a reset deletes everything at once, and numbers are not given again', () => {
  const life = new KeyLife()
  life.ask('createKey')
  life.ask('createAlias', { alias: aliasNamed('a') })
  life.ask('createGrant', { grant: { ...GRANT, retiring: 'p' } })
  life.ask('scheduleDeletion', DAYS)
  expect(life.ask('reset')).toEqual({ keys: 1 })
  expect(life.content(['p'])).toEqual({ keys: [], aliases: [], retirable: [[]] })
  life.ask('createKey')
  life.ask('createGrant', { grant: { ...GRANT, retiring: 'p' } })
  life.tidy()
  expect(life.ask('listRetirableGrants', { principal: 'p' }).grants).toHaveLength(1)
  life.wait(100 * DAY_MS)
  expect(life.ask('listKeys').ids).toEqual(['k1'])
  expect(life.restarted(null, life.log).content(['p'])).toEqual(life.content(['p']))
  const snapshot = { units: life.finish(life.cut()), now: life.now }
  expect(life.restarted(snapshot, []).content(['p'])).toEqual(life.content(['p']))
})

test('an empty state is restored from a snapshot that knows no keys', () => {
  const life = new KeyLife().restarted({ units: new Map(), now: START }, [])
  expect(life.ask('listKeys').ids).toEqual([])
})

test('a root or an event of a later version is not guessed at', () => {
  const life = new KeyLife()
  life.ask('createKey')
  const newer = life.log.map((events) => events.slice())
  // Behind the tick event, of 8 and 8 bytes, the event's kind stands first.
  newer[0]![16] = 0xff
  expect(() => life.restarted(null, newer)).toThrow('which a newer version of Millrace wrote')
})
