import { type ParseArgsConfig, parseArgs } from 'node:util'

type Flags = NonNullable<ParseArgsConfig['options']>

/**
 * The flags of a long form of a test, from the command line. `--help` prints the usage and ends the process; so does, with code 2, a flag that
 * isn't among them.
 */
export function readFlags<const Options extends Flags>(usage: string, options: Options) {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs({ options }).values
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`)
    process.exit(2)
  }
}

/** The value of a flag that takes a whole number from 1 on; ends the process with code 2 for anything else. */
export function wholeNumber(flag: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  console.error(`--${flag} takes a whole number from 1 on, not '${text}'`)
  process.exit(2)
}

/** How much of a known number of steps is done, and how long the rest will take if it goes on like that. */
export function progress(done: number, total: number, beganAt: number): string {
  const seconds = (performance.now() - beganAt) / 1000
  const left = Math.round((seconds / done) * (total - done))
  return `${done} of ${total}, ${seconds.toFixed(0)} s, some ${left} s to go`
}
