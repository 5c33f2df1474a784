import type { Caller } from '../../api/operation.ts'
import { checkPhoneNumber } from './phone-number.ts'
import { ask, type SnsPorts } from './ports.ts'

/** Lets no text message of the caller's account go to the number any more, until OptInPhoneNumber ends that. */
export async function optOutPhoneNumber(
  ports: Pick<SnsPorts, 'cell'>,
  { accountId, region }: Caller,
  phoneNumber: string,
): Promise<void> {
  checkPhoneNumber(phoneNumber)
  await ask(ports, { service: 'sns', kind: 'optOut', accountId, region, name: phoneNumber })
}
