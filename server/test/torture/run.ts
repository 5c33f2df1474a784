import { parseArgs } from 'node:util'
import { torture } from './torture.ts'

/** The long form of the torture: `npm run torture -- --kills 200`. Ends with code 1 if a promise is broken. */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
})

const report = await torture({ kills: Number(values.kills), seed: Number(values.seed) })
console.log(JSON.stringify(report, null, 2))
process.exitCode = report.violations.length === 0 ? 0 : 1
