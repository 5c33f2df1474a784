import { ERROR_TEXT_CHARACTERS_MAX } from './limits.ts'

/** How one error of a service is told to clients. Declared once, in the service's `errors.ts`. */
export interface ErrorShape {
  /** The name of the modelled exception: what JSON and CBOR clients see in `__type`. */
  readonly code: string
  /** The code of the Query protocol, where it differs; also sent to JSON clients in `x-amzn-query-error`. */
  readonly queryCode?: string
  readonly status: number
  readonly fault: 'client' | 'server'
}

/** An error that the client is to be told. The protocol layer alone turns it into bytes. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly shape: ErrorShape
  /** The text for Query clients, where AWS words it differently from the JSON one. */
  readonly queryMessage: string

  constructor(shape: ErrorShape, message: string, queryMessage: string = message) {
    super(bounded(message))
    this.shape = shape
    this.queryMessage = bounded(queryMessage)
  }
}

function bounded(text: string): string {
  return text.length <= ERROR_TEXT_CHARACTERS_MAX ? text : `${text.slice(0, ERROR_TEXT_CHARACTERS_MAX)}…`
}
