import { readFlags, wholeNumber } from '../long-form.ts'
import { tortureStreams } from './stream-torture.ts'
import { torture } from './torture.ts'

const USAGE = `The long form of the torture: a server under load is killed with -9, again and again. Ends with code 1 if a promise is broken.

  npm run torture -- --kills 200 [--seed 1]    of queues
  npm run torture -- --kills 200 --streams     of a stream`

const values = readFlags(USAGE, {
  kills: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  streams: { type: 'boolean', default: false },
})

const options = { kills: wholeNumber('kills', values.kills), seed: wholeNumber('seed', values.seed) }
const report = await (values.streams ? tortureStreams(options) : torture(options))
console.log(JSON.stringify(report, null, 2))
process.exitCode = report.violations.length === 0 ? 0 : 1
