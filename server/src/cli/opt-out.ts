import { EXIT } from './exit-codes.ts'
import type { OnServer } from './on-server.ts'

/** Lets no text message of the account go to a phone number any more. */
export async function optOut({ client, terminal }: OnServer, phoneNumber: string): Promise<number> {
  await client.operate('POST', `/_millrace/sms/opt-out/${encodeURIComponent(phoneNumber)}`)
  terminal.print(`opted out ${phoneNumber}`)
  return EXIT.done
}
