import type { StopSignal, Terminal } from './terminal.ts'

/** For tests: a terminal that remembers what was written to it, and answers as it was told. */
export class TestTerminal implements Terminal {
  printed = ''
  complained = ''
  readonly exits: number[] = []
  isInteractive = false
  /** What comes on standard input, also as an answer. */
  input = ''
  signal: (signal: StopSignal) => void = () => {}
  /** Null while nobody listens for it. */
  hangUp: (() => void) | null = null

  print(text: string): void {
    this.printed += `${text}\n`
  }
  complain(text: string): void {
    this.complained += `${text}\n`
  }
  async ask(question: string): Promise<string> {
    this.complained += question
    return this.input
  }
  async readInput(): Promise<string> {
    return this.input
  }
  onStopSignal(listener: (signal: StopSignal) => void): void {
    this.signal = listener
  }
  onReloadSignal(listener: () => void): void {
    this.hangUp = listener
  }
  exit(code: number): void {
    this.exits.push(code)
  }
}
