import type { Caller } from '../api/operation.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../base/time.ts'
import { jsonRoute, OWN_SIGNING_NAME } from './json-answer.ts'
import type { Routes } from './request-handler.ts'

const PATH = '/_millrace/sms/opt-out/'

export interface OptOutOptions {
  readonly authenticator: Authenticator
  readonly clock: Clock
  /** Resolves when it is durable. Throws a `ServiceError` for what is no phone number. */
  readonly optOut: (caller: Caller, phoneNumber: string) => Promise<void>
}

/**
 * `POST /_millrace/sms/opt-out/NUMBER`: no text message of the caller's account goes to that number any more. AWS learns that from
 * those who answer STOP, and has no operation for it.
 */
export function optOutRoutes({ authenticator, clock, optOut }: OptOutOptions): Routes {
  return {
    [PATH]: jsonRoute(async (request) => {
      request.subject.operation = 'OptOutPhoneNumber'
      const caller = authenticator.authenticate(request, OWN_SIGNING_NAME, clock.now())
      request.subject.accountId = caller.accountId
      const phoneNumber = decoded(request.path.slice(PATH.length))
      await optOut(caller, phoneNumber)
      return { phoneNumber, isOptedOut: true }
    }),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
