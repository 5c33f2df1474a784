import { parseArgs } from 'node:util'
import { tortureStreams } from './stream-torture.ts'
import { torture } from './torture.ts'

/**
 * The long form of the torture: `npm run torture -- --kills 200`, of queues; with `--streams` of streams. Ends with code 1 if a
 * promise is broken.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    streams: { type: 'boolean', default: false },
  },
})

const options = { kills: Number(values.kills), seed: Number(values.seed) }
const report = await (values.streams ? tortureStreams(options) : torture(options))
console.log(JSON.stringify(report, null, 2))
process.exitCode = report.violations.length === 0 ? 0 : 1
