// `npm start`: from a fresh clone to a running server. Arguments go to `millrace serve`.
//
// One script instead of npm's `prestart`, because npm leaves out all pre-scripts where `ignore-scripts` is set. The server
// runs in this very process, so that a signal sent to it doesn't have to pass through a shell.
import { install, npm } from './install.mjs'

install()
const exitCode = npm('run', '--silent', 'build')
if (exitCode !== 0) process.exit(exitCode)

process.argv.splice(2, 0, 'serve')
await import('../server/dist/main.js')
