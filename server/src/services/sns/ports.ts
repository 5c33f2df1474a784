import type { Request } from '../../api/operation.ts'
import type { Random } from '../../base/random.ts'
import type { KeyUser } from '../../core/data-keys.ts'
import type { LandingOutcome, LandingSender } from '../../core/landing.ts'
import type { CellClient } from '../../core/ports.ts'
import type { BodySeals } from '../../core/sealed-body.ts'
import type { SnsCommand, SnsCommands, SnsReplies, TopicAddress } from './commands.ts'
import type { MessageProtection } from './data-protection/message-protection.ts'
import type { RememberedSeals } from './remembered-seals.ts'

/** What the SNS operations need of the world. */
export interface SnsPorts {
  readonly cell: CellClient
  readonly random: Random
  /** At least 32 secret bytes, the same for every process that serves the same data: next-tokens are made with it. */
  readonly tokenKey: Uint8Array
  readonly signer: NotificationSigner
  readonly protection: MessageProtection
  /** Why nothing can be pushed to an endpoint from here, in words for the client; undefined where it can, or needn't. */
  readonly endpointProblem: (protocol: string, endpoint: string) => string | undefined
  /** Left out where no topic or queue has a key. */
  readonly encryption?: TopicEncryption | undefined
}

/** What messages are sealed with, under keys that the owners of topics and queues named. */
export interface TopicEncryption {
  readonly seals: BodySeals
  readonly remembered: RememberedSeals
  /** As whom policies of a topic's key see the publisher; null where they are not asked. */
  readonly publisher: (request: Request) => KeyUser | null
  /** As whom policies of a queue's key see the topic that sends there. */
  readonly topic: (address: TopicAddress) => KeyUser | null
}

/** Signs notifications. The same text and version give the same signature, whenever it's made. */
export interface NotificationSigner {
  /** Where receivers find the certificate that signatures verify with, from the server's URL on. */
  readonly certificatePath: string
  /** As base64, of `SIGNATURE_CHARACTERS`. */
  sign(text: string, version: '1' | '2'): Promise<string>
}

/** That of an RSA key of 2048 bits. */
export const SIGNATURE_CHARACTERS = 344

/** The internal queues out of which messages are pushed. A message is the queue's own, to be handed back to it. */
export interface PushQueues<Message extends PushedMessage> {
  /** ARNs of queues that have something; none when nothing came for a while. */
  ready(limit: number): Promise<readonly string[]>
  receive(arn: string, limit: number, hiddenSeconds: number): Promise<readonly Message[]>
  delete(message: Message): Promise<void>
  hide(message: Message, seconds: number): Promise<void>
  /** As if it had not been received, save that it stays hidden for so many seconds, none if left out. */
  putBack(message: Message, hiddenSeconds?: number): Promise<void>
  /** Moves it to a queue that clients receive from, in the sender's name, or says why it can't go there. */
  forward(
    message: Message,
    to: { readonly target: string; readonly sender: LandingSender },
    sizeBytes: number,
  ): Promise<LandingOutcome>
}

export interface PushedMessage {
  /** This receive included. */
  readonly receiveCount: number
  /** Null where it is lost for good. */
  readonly body: Uint8Array | null
  readonly origin: string
}

/** Sends a command to the cell. Its reply, and the errors it refuses with, are those that `SnsReplies` names. */
export function ask<Kind extends keyof SnsCommands>(
  ports: Pick<SnsPorts, 'cell'>,
  command: SnsCommand<Kind> & { readonly kind: Kind },
): Promise<SnsReplies[Kind]> {
  // The cell's port knows no service's replies: the state that decides `kind` answers with this type.
  return ports.cell.execute(command) as Promise<SnsReplies[Kind]>
}
