import type { Command } from 'commander'
import { advanceClock, freezeClock, showClock } from './clock.ts'
import type { Flags, ServerCommands } from './server-commands.ts'

/** Adds the commands that read and set the time of a server that was started with --allow-clock-control. */
export function addClockCommands(program: Command, { add, run }: ServerCommands): void {
  const clock = program
    .command('clock')
    .description('read or set the time that the queues of a server go by, if it was started for that')
    .showHelpAfterError()
  add('show', 'print what time it is', 'millrace clock show', clock).action((flags: Flags) =>
    run(flags, showClock),
  )
  add('advance', 'let time pass at once, with all that is due by then', 'millrace clock advance 5m', clock)
    .argument('<duration>', 'like 90s, 5m, 1h30m or 4d')
    .action((duration: string, flags: Flags) => run(flags, (on) => advanceClock(on, duration)))
  add('freeze', 'let time stand still until it is advanced', 'millrace clock freeze', clock).action(
    (flags: Flags) => run(flags, (on) => freezeClock(on, true)),
  )
  add('resume', 'let time pass again, from where it stands', 'millrace clock resume', clock).action(
    (flags: Flags) => run(flags, (on) => freezeClock(on, false)),
  )
}
