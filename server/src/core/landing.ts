import type { Scope } from './scope.ts'

/** A stored body on its way into a resource of another service, and what that has to know of it. */
export interface Landing {
  readonly bodyId: number
  /** Stored bytes of the body. */
  readonly bytes: number
  /** The message's size as those count it who receive it there. */
  readonly sizeBytes: number
  /** Four words, see `keys.ts`; null for none. */
  readonly groupKey: Uint32Array | null
  /** Null where the sender does not deduplicate. */
  readonly deduplication: LandingDeduplication | null
}

/** Four words each. */
export interface LandingDeduplication {
  readonly key: Uint32Array
  /** The id that the message has there: later duplicates are told of it. */
  readonly messageId: Uint32Array
}

/** What a decision sends to one target, in this order. */
export interface Delivery {
  /** The ARN of what takes it in. */
  readonly target: string
  /** Who sends, so that the target's policy can be asked; null for what is there for this sender's landings alone. */
  readonly sender: LandingSender | null
  /**
   * What the sender needs, beside the body, to say what such a message looks like. It means nothing to the target, which keeps
   * it as long as it keeps one of the messages, once for all that have the same.
   */
  readonly origin: string
  readonly landings: readonly Landing[]
}

/** In whose name a service sends. The same object for as long as it's the same resource: what is known of it is kept by it. */
export interface LandingSender {
  /** `sns.amazonaws.com` */
  readonly service: string
  /** The ARN of the resource because of which it sends, and the account that has it. */
  readonly sourceArn: string
  readonly sourceAccount: string
}

/** The key of KMS that what lands somewhere is to be sealed under. */
export interface TargetKey extends Scope {
  /** As the target's owner named it: an id, an alias, or the ARN of one of them. */
  readonly keyId: string
  readonly reuseMs: number
}

/** The same for the same key, named in the same way. */
export function nameOfKey({ accountId, region, keyId }: TargetKey): string {
  return `${accountId} ${region} ${keyId}`
}

/** What became of a landing; null where the target has it, or had it before. */
export type LandingProblem = 'no such target' | 'not allowed' | 'not for this kind of target' | 'too large'
export type LandingOutcome = LandingProblem | null

/** A message as its sender says what it looks like to those who receive it from the target. */
export interface LandedMessage {
  /** 16 bytes: those of the landing's `messageId`, where it had one. */
  readonly id: Uint8Array
  readonly senderId: string
  readonly text: string
  readonly traceHeader: string | undefined
  readonly groupId: string | undefined
  readonly deduplicationId: string | undefined
  /** Sorted by name; bytes where the type begins with `Binary`. */
  readonly attributes: readonly LandedAttribute[]
}

export interface LandedAttribute {
  readonly name: string
  readonly type: string
  readonly value: string | Uint8Array
}

/**
 * Reads a stored body that another service wrote. The first byte of a body says who wrote it: 1 for SQS itself, 2 for SNS.
 * The same body and origin give the same message, whenever they are read; at once where there is nothing to wait for.
 */
export type ReadLanded = (body: Uint8Array, origin: string) => LandedMessage | Promise<LandedMessage>
