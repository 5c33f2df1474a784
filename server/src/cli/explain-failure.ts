import { ClockError } from '../cell/cell.ts'
import type { Settings } from '../config/config.ts'
import { DeclarationError } from '../declared-queues.ts'
import { DirectoryInUseError } from '../engines/files/directory-lock.ts'
import { JournalError } from '../journal/journal.ts'
import { KeyFileError } from '../key-file.ts'
import { TlsFilesError } from '../tls-files.ts'
import { EXIT } from './exit-codes.ts'

export interface ExplainedFailure {
  readonly exitCode: number
  readonly message: string
}

/** What to tell a person about a failure of the world around; null for what must be a mistake of ours. */
export function explainFailure(error: unknown, settings: Settings): ExplainedFailure | null {
  const message = describeError(error)
  if (error instanceof DirectoryInUseError || error instanceof KeyFileError)
    return { exitCode: EXIT.directory, message }
  if (error instanceof JournalError) return { exitCode: EXIT.journal, message }
  if (error instanceof DeclarationError)
    return { exitCode: error.isMistake ? EXIT.usage : EXIT.failed, message }
  if (error instanceof TlsFilesError) return { exitCode: EXIT.usage, message }
  if (error instanceof ClockError) return { exitCode: EXIT.clock, message }
  if (!isSystemError(error)) return null
  switch (error.syscall) {
    case 'listen':
    case 'bind':
    case 'getaddrinfo':
      return { exitCode: EXIT.address, message: explainAddress(error, settings) }
    default:
      return {
        exitCode: EXIT.directory,
        message: `can't use the data directory ${settings.dataDirectory}: ${message}`,
      }
  }
}

function explainAddress(error: SystemError, { host, port }: Settings): string {
  const address = `${host}, port ${port},`
  switch (error.code) {
    case 'EADDRINUSE':
      return `${address} is in use by another process; stop it, or choose another --port`
    case 'EACCES':
      return `${address} needs rights that this process lacks; choose a --port above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${address} is not an address of this machine; choose another --host`
    default:
      return `can't listen on ${address} ${describeError(error)}`
  }
}

/** An error that Node reports of the operating system. */
interface SystemError extends Error {
  readonly code: string
  readonly syscall: string
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

/** An error's message, and what caused it, in one line. */
export function describeError(error: unknown): string {
  const parts: string[] = []
  for (let cause = error; cause !== undefined && cause !== null; ) {
    const message = cause instanceof Error ? cause.message : String(cause)
    // Some errors already say what caused them.
    if (!parts.some((part) => part.includes(message))) parts.push(message)
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return parts.join(': ')
}
