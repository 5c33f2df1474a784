import { progress, readFlags, wholeNumber } from '../long-form.ts'
import { checkDamage } from './check-damage.ts'
import { leaveBehind, leaveBehindEverything } from './damaged-start.ts'
import { damagesTo } from './damages.ts'
import { failuresOf, liveThrough, type Mishap } from './faulty-life.ts'
import { choicesOf, World } from './world.ts'

const USAGE = `The long forms of the simulation. Each ends with code 1 at the first broken promise, and says how to see it again.

  npm run sim -- --seeds 5000 [--from 1]    whole lives, each with a seed of its own
  npm run sim -- --seed 17                  one of them, with what happened in it
  npm run sim -- --damage [--seeds 3]       every region of every file is damaged in every way, after a server that was closed
                                            and one that was killed; the files of even seeds are encrypted
  npm run sim -- --damage --stride 1        every single byte, but of long bodies and of the state in snapshots one in a hundred
  npm run sim -- --faults [--encrypted]     every call to the disk in a short life fails, and the process dies at every one`

const values = readFlags(USAGE, {
  seed: { type: 'string' },
  seeds: { type: 'string' },
  from: { type: 'string', default: '1' },
  damage: { type: 'boolean', default: false },
  faults: { type: 'boolean', default: false },
  encrypted: { type: 'boolean', default: false },
  stride: { type: 'string' },
})

const count = wholeNumber('seeds', values.seeds ?? (values.damage ? '1' : '5000'))
const first = values.seed === undefined ? wholeNumber('from', values.from) : wholeNumber('seed', values.seed)
const last = values.seed === undefined ? first + count - 1 : first
const began = performance.now()
if (values.damage) await damageAll()
else if (values.faults) await failAll()
else await live()

async function live(): Promise<void> {
  let messages = 0
  for (let seed = first; seed <= last; seed++) {
    const report = await new World({ seed, ...choicesOf(seed) }).run().catch((cause: Error) => {
      throw new Error(`seed ${seed} did not come to its end`, { cause })
    })
    messages += report.messages
    if (values.seed !== undefined) console.log(JSON.stringify(report, null, 2))
    if (report.violations.length > 0) {
      console.error(`seed ${seed} breaks a promise (${report.endings.join(', ')}):`)
      for (const violation of report.violations) console.error(`  ${JSON.stringify(violation)}`)
      console.error(`again with: npm run sim -- --seed ${seed}`)
      process.exit(1)
    }
    const done = seed - first + 1
    if (done % 100 === 0) console.log(`seed ${progress(done, last - first + 1, began)}; ${messages} messages`)
  }
  console.log(`${last - first + 1} seeds kept every promise, ${messages} messages, ${elapsed()} s`)
}

async function damageAll(): Promise<void> {
  const perKind = Number.MAX_SAFE_INTEGER
  const stride = values.stride === undefined ? null : wholeNumber('stride', values.stride)
  let damages = 0
  for (let seed = first; seed <= last; seed++) {
    for (const ending of ['close', 'kill'] as const) {
      const began = performance.now()
      const legacy = await leaveBehind(seed, ['kill', ending], seed % 2 === 0)
      const total = countOf(damagesTo(legacy.files, { perKind, stride }))
      let done = 0
      for (const damage of damagesTo(legacy.files, { perKind, stride })) {
        const wrong = await checkDamage(legacy, damage).catch((error: Error) => error.stack ?? error.message)
        if (wrong !== null) {
          console.error(`seed ${seed}, after a ${ending}: ${damage.what}: ${wrong}`)
          process.exit(1)
        }
        if (++done % 500 === 0)
          console.log(`seed ${seed}, after a ${ending}: damage ${progress(done, total, began)}`)
      }
      damages += total
    }
  }
  console.log(`${damages} damages were harmless or reported, ${elapsed()} s`)
}

async function failAll(): Promise<void> {
  const legacy = await leaveBehindEverything(['close', 'kill'], values.encrypted)
  const { calls } = await liveThrough(legacy, [{ nth: 1, fault: 'EIO' }])
  const all = [...calls.values()].reduce((sum, each) => sum + each, 0)
  const plans: Mishap[][] = [...failuresOf(calls, all)].map((mishap) => [mishap])
  for (let nth = 1; nth <= all; nth++) {
    const lost: Mishap = { nth, fault: 'power loss' }
    plans.push(
      [lost, lost, lost],
      [
        { nth, fault: 'death' },
        { nth: 1 + ((nth * 7) % all), fault: 'power loss' },
      ],
    )
  }
  for (const [i, plan] of plans.entries()) {
    if (i > 0 && i % 500 === 0) console.log(`life ${progress(i, plans.length, began)}`)
    const { wrong } = await liveThrough(legacy, plan)
    if (wrong === null) continue
    console.error(`${JSON.stringify(plan)}: ${wrong}`)
    process.exit(1)
  }
  console.log(`${plans.length} lives were survived, ${elapsed()} s`)
}

function countOf(items: Iterable<unknown>): number {
  let count = 0
  for (const _ of items) count++
  return count
}

function elapsed(): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}
