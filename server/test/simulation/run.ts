import { parseArgs } from 'node:util'
import { World } from './world.ts'

/**
 * The long form of the simulation: `npm run sim -- --seeds 5000` from seed 1, or from `--from`, or one `--seed` with what
 * happened in it. Ends with code 1 at the first seed that breaks a promise.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '5000' },
    from: { type: 'string', default: '1' },
  },
})

const first = Number(values.seed ?? values.from)
const last = values.seed === undefined ? first + Number(values.seeds) - 1 : first
const began = performance.now()
let messages = 0
for (let seed = first; seed <= last; seed++) {
  const report = await new World({ seed }).run()
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

function elapsed(): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}
