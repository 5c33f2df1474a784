import pino from 'pino'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * Writes structured lines. What a line is about goes into `fields`, by these names where they apply: `requestId`,
 * `operation`, `accountId`, `region`, `queue`, `milliseconds`, `error` (an Error; its causes are written too). Secrets,
 * message bodies and whole requests are never logged.
 */
export interface Logger {
  trace(fields: LogFields, message: string): void
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  /** A logger whose every line carries `fields` too. */
  child(fields: LogFields): Logger
  /** Whether lines of this level are written: ask before gathering costly fields. */
  isLevelEnabled(level: string): boolean
}

export type LogFields = Readonly<Record<string, unknown>>

/**
 * A logger that writes JSON, one object a line, to standard error: `{"level":"info","time":"2026-01-31T12:00:00.000Z",...,
 * "msg":"..."}`. A line has reached the operating system when the call returns, so that a crash doesn't take the last
 * words with it. That costs a system call a line, and whoever reads standard error can hold the server up; hence lines
 * for single requests are of level `debug`, and `info` is for what happens now and then.
 */
export function createLogger(level: LogLevel): Logger {
  return createLoggerTo(pino.destination({ fd: process.stderr.fd, sync: true }), level)
}

/** The same, with the lines going elsewhere. */
export function createLoggerTo(destination: pino.DestinationStream, level: LogLevel): Logger {
  return pino(
    {
      level,
      // Process id and host name are left out: whoever collects the lines of more than one process adds its own.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    destination,
  )
}
