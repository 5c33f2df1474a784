import type { Caller } from '../api/operation.ts'
import { callerOf, decodedPart, type OwnRouteAccess, ownRoute } from './own-route.ts'
import type { Routes } from './request-handler.ts'

const PATH = '/_millrace/sms/opt-out/'

export interface OptOutOptions extends OwnRouteAccess {
  /** Resolves when it is durable. Throws a `ServiceError` for what is no phone number. */
  readonly optOut: (caller: Caller, phoneNumber: string) => Promise<void>
}

/**
 * `POST /_millrace/sms/opt-out/NUMBER`: no text message of the caller's account goes to that number any more. AWS learns that from
 * those who answer STOP, and has no operation for it.
 */
export function optOutRoutes({ optOut, ...access }: OptOutOptions): Routes {
  return {
    [PATH]: ownRoute(['POST'], async (request) => {
      const caller = callerOf(request, 'OptOutPhoneNumber', access)
      const phoneNumber = decodedPart(request.path.slice(PATH.length))
      await optOut(caller, phoneNumber)
      return { phoneNumber, isOptedOut: true }
    }),
  }
}
