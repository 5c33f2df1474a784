import { Buffer } from 'node:buffer'
import { type AwsCaller, regionOf } from './aws-caller.ts'
import type { FunctionInvoker, Invocation } from './lambda-transport.ts'
import { INVOCATION_BYTES_MAX } from './limits.ts'

/**
 * Calls functions that run elsewhere, by the Invoke API of AWS Lambda. AWS answers at once that it took the event; the Runtime Interface
 * Emulator and other local runners answer when the function has ended, by a result or by an error, which is the function's own affair.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class LambdaApiInvoker implements FunctionInvoker {
  readonly #caller: AwsCaller

  constructor(caller: AwsCaller) {
    this.#caller = caller
  }

  async invoke(functionArn: string, payload: string, signal: AbortSignal): Promise<Invocation> {
    if (Buffer.byteLength(payload) > INVOCATION_BYTES_MAX) {
      return { kind: 'refused', reason: `the event has more than ${INVOCATION_BYTES_MAX} bytes` }
    }
    const answer = await this.#caller.post({
      region: regionOf(functionArn),
      path: this.#pathOf(functionArn),
      headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
      body: payload,
      signal,
    })
    return answer.kind === 'done' ? { kind: 'accepted' } : answer
  }

  close(): void {
    this.#caller.close()
  }

  /** AWS is told the whole ARN, since a name alone would be a function of the key's own account; others know names alone. */
  #pathOf(functionArn: string): string {
    const [, , , , , , name = '', qualifier] = functionArn.split(':')
    const encode = (text: string) =>
      encodeURIComponent(text).replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16)}`)
    const whole = functionArn.split(':').slice(0, 7).join(':')
    const path = `/2015-03-31/functions/${encode(this.#caller.isAws ? whole : name)}/invocations`
    return qualifier === undefined ? path : `${path}?Qualifier=${encode(qualifier)}`
  }
}
