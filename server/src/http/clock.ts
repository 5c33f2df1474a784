import { Buffer } from 'node:buffer'
import { type ErrorShape, ServiceError } from '../api/service-error.ts'
import { readAdvance } from '../base/advance.ts'
import { type OperatorAccess, operatorRoute } from './operator-route.ts'
import type { HttpRequest, Routes } from './request-handler.ts'

const PATH = '/_millrace/clock'

const ClockControlNotAllowed = {
  code: 'ClockControlNotAllowed',
  status: 403,
  fault: 'client',
} as const satisfies ErrorShape

const InvalidClockRequest = {
  code: 'InvalidClockRequest',
  status: 400,
  fault: 'client',
} as const satisfies ErrorShape

/** The clock that queues go by. */
export interface ControlledTime {
  /** Milliseconds since the epoch. */
  now(): number
  readonly isFrozen: boolean
  freeze(): void
  resume(): void
  /** Resolves when all that is due by then has happened and is durable. */
  advance(milliseconds: number): Promise<void>
}

export interface ClockOptions extends Omit<OperatorAccess, 'isAllowed'> {
  /** Null if the server was not started for it. */
  readonly time: ControlledTime | null
}

interface ClockChange {
  readonly frozen: boolean | undefined
  readonly milliseconds: number | undefined
}

/**
 * `/_millrace/clock`: the time that queues go by, for test suites. GET tells it; POST changes it, by
 * `{"advance": "5m", "frozen": true}`, of which either may be left out. Both answer `{"now": "…Z", "frozen": true}`.
 */
export function clockRoutes({ time, ...access }: ClockOptions): Routes {
  const run = async (request: HttpRequest) => {
    if (time === null) throw new Error('a clock that may not be set is neither read nor set')
    if (request.method === 'POST') {
      const { frozen, milliseconds } = readChange(request.body, time.now())
      if (frozen === true) time.freeze()
      if (milliseconds !== undefined) await time.advance(milliseconds)
      if (frozen === false) time.resume()
    }
    return { now: new Date(time.now()).toISOString(), frozen: time.isFrozen }
  }
  return {
    [PATH]: operatorRoute({
      ...access,
      isAllowed: time !== null,
      operation: 'Clock',
      methods: ['GET', 'POST'],
      notAllowed: ClockControlNotAllowed,
      howToAllow:
        "This server's time can't be set. To let tests do so, start it with --allow-clock-control, with " +
        'MILLRACE_ALLOW_CLOCK_CONTROL=true, or with "allow-clock-control: true" in its config file.',
      run,
    }),
  }
}

function readChange(body: Uint8Array, now: number): ClockChange {
  const { advance, frozen, ...others } = readObject(body)
  const unknown = Object.keys(others)[0]
  if (unknown !== undefined) throw invalid(`There is no ${JSON.stringify(unknown)} here.`)
  if (frozen !== undefined && typeof frozen !== 'boolean') throw invalid('"frozen" must be true or false.')
  if (advance === undefined) return { frozen, milliseconds: undefined }
  try {
    return { frozen, milliseconds: readAdvance(advance, now) }
  } catch (error) {
    if (error instanceof RangeError) throw invalid(`"advance" ${error.message}.`)
    throw error
  }
}

function readObject(body: Uint8Array): Readonly<Record<string, unknown>> {
  let content: unknown
  try {
    content = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString())
  } catch {
    throw invalid('The body must be JSON, like {"advance": "5m"}.')
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw invalid('The body must be an object, like {"advance": "5m"}.')
  }
  return { ...content }
}

function invalid(message: string): ServiceError {
  return new ServiceError(InvalidClockRequest, message)
}
