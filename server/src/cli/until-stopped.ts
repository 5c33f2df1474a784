import type { Terminal } from './terminal.ts'

/** Lets a command that goes on by itself be ended by a signal. */
export interface UntilStopped {
  readonly isStopped: boolean
  /** Resolves after a time, or at once when the command is to end. */
  orAfter(milliseconds: number): Promise<void>
}

export function untilStopped(terminal: Terminal): UntilStopped {
  let isStopped = false
  let wake = () => {}
  terminal.onStopSignal(() => {
    isStopped = true
    wake()
  })
  return {
    get isStopped() {
      return isStopped
    },
    orAfter: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, isStopped ? 0 : milliseconds)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}
