import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import type { MeasuredCore } from './pinning.ts'

const OWN_CORE = new URL('../dist/bench/src/own-core.js', import.meta.url).href

/** As long as a signature is good: no load has a reason to take longer. */
const RUN_TIMEOUT_MS = 15 * 60_000

const running = new Set<ChildProcess>()

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts Node with these arguments, its JavaScript on one core if told so. The child does not outlive this process. */
export function startNode(
  args: readonly string[],
  core: MeasuredCore | undefined,
  options: SpawnOptions,
): ChildProcess {
  const child =
    core === undefined
      ? spawn(process.execPath, args, options)
      : spawn(process.execPath, ['--import', OWN_CORE, ...args], {
          ...options,
          env: { ...(options.env ?? process.env), BENCH_CORE: String(core) },
        })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Runs Node with these arguments to its end. Resolves with what it printed; rejects unless it exits with 0. */
export function runNode(args: readonly string[], core: MeasuredCore | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = startNode(args, core, { stdio: ['ignore', 'pipe', 'pipe'], timeout: RUN_TIMEOUT_MS })
    const output: Buffer[] = []
    const complaints: Buffer[] = []
    child.stdout!.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr!.on('data', (chunk: Buffer) => complaints.push(chunk))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output).toString())
      else {
        // Nobody else sends it that signal.
        const end =
          signal === 'SIGTERM'
            ? `was stuck for ${RUN_TIMEOUT_MS / 60_000} minutes`
            : `ended with ${code ?? signal}`
        reject(new Error(`a process ${end}:\n${Buffer.concat(complaints).toString()}`))
      }
    })
  })
}
