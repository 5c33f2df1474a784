import type { Way } from './deliverer.ts'
import {
  ATTEMPTS_MAX,
  FIREHOSE_RECORDS_UNDER_WAY_MAX,
  HIDDEN_SECONDS,
  INVOCATION_MARGIN_SECONDS,
  INVOCATIONS_MAX,
  MAILS_UNDER_WAY_MAX,
  SMS_UNDER_WAY_MAX,
} from './limits.ts'
import { type DeliverySettings, isPushProtocol, type Transports } from './transports.ts'

const WAYS: readonly Omit<Way, 'transport'>[] = [
  { protocols: ['http', 'https'], attemptsMax: ATTEMPTS_MAX, hiddenSeconds: HIDDEN_SECONDS.http },
  {
    protocols: ['email', 'email-json'],
    attemptsMax: MAILS_UNDER_WAY_MAX,
    hiddenSeconds: HIDDEN_SECONDS.email,
  },
  { protocols: ['sms'], attemptsMax: SMS_UNDER_WAY_MAX, hiddenSeconds: HIDDEN_SECONDS.sms },
  {
    protocols: ['firehose'],
    attemptsMax: FIREHOSE_RECORDS_UNDER_WAY_MAX,
    hiddenSeconds: HIDDEN_SECONDS.firehose,
  },
]

/** How deliveries leave by the transports that there are. What shares a relay or a gateway shares its places. */
export function waysBy(
  transports: Transports,
  { lambdaTimeoutSeconds }: Pick<DeliverySettings, 'lambdaTimeoutSeconds'>,
): readonly Way[] {
  const transport = (protocol: string) => {
    const found = isPushProtocol(protocol) ? transports.for(protocol) : undefined
    if (found === undefined) throw new Error(`there is no way for ${protocol}`)
    return found
  }
  const functions = {
    protocols: ['lambda'],
    attemptsMax: INVOCATIONS_MAX,
    hiddenSeconds: lambdaTimeoutSeconds + INVOCATION_MARGIN_SECONDS,
  }
  return [...WAYS, functions].map((way) => ({
    ...way,
    transport,
    protocols: way.protocols.filter((each) => transports.protocols.some((protocol) => protocol === each)),
  }))
}
