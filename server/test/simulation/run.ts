import { parseArgs } from 'node:util'
import { checkDamage } from './check-damage.ts'
import { leaveBehind, leaveBehindEverything } from './damaged-start.ts'
import { damagesTo } from './damages.ts'
import { failuresOf, liveThrough, type Mishap } from './faulty-life.ts'
import { choicesOf, World } from './world.ts'

/**
 * The long forms of the simulation; each ends with code 1 at the first broken promise.
 *
 * - `npm run sim -- --seeds 5000`: whole lives, from seed 1, or from `--from`; or one `--seed` with what happened in it.
 * - `npm run sim -- --damage --seeds 3`: every region of every file is damaged in every way, after a server that was closed and
 *   one that was killed; the files of even seeds are encrypted. With `--stride 1` every single byte.
 * - `npm run sim -- --faults`: every call to the disk in a short life fails, and the process dies at every one; with `--encrypted` on
 *   encrypted files.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    damage: { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
    encrypted: { type: 'boolean', default: false },
    stride: { type: 'string' },
  },
})

const count = Number(values.seeds ?? (values.damage ? 1 : 5000))
const first = Number(values.seed ?? values.from)
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
    if (seed % 100 === 0) console.log(`${seed - first + 1} seeds, ${messages} messages, ${elapsed()} s`)
  }
  console.log(`${last - first + 1} seeds kept every promise, ${messages} messages, ${elapsed()} s`)
}

async function damageAll(): Promise<void> {
  const perKind = Number.MAX_SAFE_INTEGER
  const stride = values.stride === undefined ? null : Number(values.stride)
  let damages = 0
  for (let seed = first; seed <= last; seed++) {
    for (const ending of ['close', 'kill'] as const) {
      const legacy = await leaveBehind(seed, ['kill', ending], seed % 2 === 0)
      for (const damage of damagesTo(legacy.files, { perKind, stride })) {
        const wrong = await checkDamage(legacy, damage).catch((error: Error) => error.stack ?? error.message)
        if (wrong !== null) {
          console.error(`seed ${seed}, after a ${ending}: ${damage.what}: ${wrong}`)
          process.exit(1)
        }
        if (++damages % 500 === 0) console.log(`${damages} damages, ${elapsed()} s`)
      }
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
  for (const plan of plans) {
    const { wrong } = await liveThrough(legacy, plan)
    if (wrong === null) continue
    console.error(`${JSON.stringify(plan)}: ${wrong}`)
    process.exit(1)
  }
  console.log(`${plans.length} lives were survived, ${elapsed()} s`)
}

function elapsed(): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}
