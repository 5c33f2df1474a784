import { runCommandLine } from './cli/command-line.ts'
import { EXIT } from './cli/exit-codes.ts'
import { letHeapGrow } from './cli/heap-growth.ts'
import { processTerminal } from './cli/terminal.ts'
import { previewQueues, startServer } from './server.ts'

/** A mistake of ours that nothing caught leaves the state in doubt: what is acknowledged is in the journal, so stop here. */
function stopForBug(error: unknown): void {
  console.error('millrace: stopped by a bug; please report it, with these lines')
  console.error(error)
  process.exit(EXIT.bug)
}

process.on('uncaughtException', stopForBug)
letHeapGrow()

const exitCode = await runCommandLine({
  args: process.argv.slice(2),
  environment: process.env,
  workingDirectory: process.cwd(),
  terminal: processTerminal,
  start: startServer,
  preview: previewQueues,
})
// Not `process.exitCode`: a timer or socket that was left over must not keep a stopped server alive.
process.exit(exitCode)
