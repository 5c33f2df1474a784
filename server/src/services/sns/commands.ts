import type { Permission } from '../../api/policy-document.ts'
import type { ErrorShape } from '../../api/service-error.ts'
import type { Command } from '../../core/command.ts'
import type { LandedAttribute, TargetKey } from '../../core/landing.ts'
import type { Scope } from '../../core/scope.ts'
import type { PlatformCommands, PlatformReplies } from './platform-commands.ts'
import type { SmsCommands, SmsReplies } from './sms-commands.ts'
import type { Protocol, SubscriptionSettings } from './subscription-settings.ts'
import type { TopicSettings } from './topic-settings.ts'

/**
 * What the SNS operations ask of the cell, and what it answers. Everything here is plain data that was checked by the
 * operation: ranges, names and shapes hold. The cell checks what depends on state: whether a topic exists, what its settings
 * allow, who is subscribed.
 */
export interface SnsCommands extends PlatformCommands, SmsCommands {
  createTopic: {
    readonly topic: TopicAddress
    /** Only what the caller named: the rest takes its default, or is not compared when the topic exists. */
    readonly settings: Partial<TopicSettings>
    /** Null where the caller named none. */
    readonly tags: Readonly<Record<string, string>> | null
  }
  /** A topic that isn't there is deleted already. */
  deleteTopic: { readonly topic: TopicAddress }
  getTopic: { readonly topic: TopicAddress }
  setTopicSettings: { readonly topic: TopicAddress; readonly settings: Partial<TopicSettings> }
  listTopics: Scope & { readonly after: string; readonly limit: number }
  tagTopic: { readonly topic: TopicAddress; readonly tags: Readonly<Record<string, string>> }
  untagTopic: { readonly topic: TopicAddress; readonly keys: readonly string[] }
  listTopicTags: { readonly topic: TopicAddress }
  addPermission: { readonly topic: TopicAddress; readonly permission: Permission }
  removePermission: { readonly topic: TopicAddress; readonly label: string }
  subscribe: {
    readonly topic: TopicAddress
    readonly protocol: Protocol
    readonly endpoint: string
    /** Only what the caller named. */
    readonly settings: Partial<SubscriptionSettings>
    /** Who subscribes: an account and an ARN. */
    readonly owner: string
    readonly principal: string
    /** A fresh UUID. */
    readonly id: string
    /**
     * With which the endpoint's owner confirms the subscription; null where it needs no confirmation. The one body is then what asks
     * for it, as `published-message.ts` writes it.
     */
    readonly token: string | null
  }
  confirmSubscription: {
    readonly topic: TopicAddress
    readonly token: string
    readonly authenticateOnUnsubscribe: boolean
  }
  unsubscribe: {
    readonly topic: TopicAddress
    readonly id: string
    /**
     * With which whoever has the endpoint may take back what somebody did who was not asked who it is; null where a caller is
     * known. The one body is then what tells of it, as `published-message.ts` writes it.
     */
    readonly token: string | null
  }
  getSubscription: { readonly topic: TopicAddress; readonly id: string }
  setSubscriptionSettings: {
    readonly topic: TopicAddress
    readonly id: string
    readonly settings: Partial<SubscriptionSettings>
  }
  listSubscriptions: Scope & { readonly after: SubscriptionPlace | null; readonly limit: number }
  listSubscriptionsByTopic: {
    readonly topic: TopicAddress
    /** The number of the last subscription of the page before; 0 for the beginning. */
    readonly after: number
    readonly limit: number
  }
  publish: {
    readonly topic: TopicAddress
    /** In the order in which they are published. */
    readonly messages: readonly MessageToPublish[]
    /** What they were held against; null for a topic without a data protection policy. */
    readonly heldAgainst: HeldAgainst | null
    /** The messages as they are, and behind them once more for each key, sealed. */
    readonly bodies: readonly Uint8Array[]
    /** Left out where nothing is sealed. */
    readonly seals?: readonly PublishSeal[] | undefined
  }
  /** What somebody has to know who pushes to the endpoint of a subscription. */
  getPushTarget: { readonly topic: TopicAddress; readonly id: string }
  /** Nothing is pushed any more to a subscription, if it has ended. */
  endPushes: { readonly topic: TopicAddress; readonly protocol: Protocol; readonly id: string }
  /** A message could not be pushed. */
  countFailure: { readonly topic: TopicAddress; readonly id: string; readonly reason: string }
  /**
   * The next step of a subscription's replay: brings messages out of the topic's archive, whose bodies are in `read`, from a
   * sequence number on; all are named by their numbers. Does nothing where the replay is not there any more.
   */
  replayMessages: { readonly topic: number; readonly subscription: number; readonly from: number }
  /** Deletes all topics of all accounts and regions, with their subscriptions, and all else that there is. */
  reset: object
}

export interface SnsReplies extends PlatformReplies, SmsReplies {
  createTopic: null
  deleteTopic: null
  getTopic: TopicDescription
  setTopicSettings: null
  listTopics: { readonly names: readonly string[]; readonly next: string | null }
  tagTopic: null
  untagTopic: null
  listTopicTags: Readonly<Record<string, string>>
  addPermission: null
  removePermission: null
  subscribe: SubscriptionState
  confirmSubscription: { readonly id: string }
  unsubscribe: null
  getSubscription: SubscriptionDescription
  setSubscriptionSettings: null
  listSubscriptions: SubscriptionPage
  listSubscriptionsByTopic: SubscriptionPage
  /**
   * One outcome for each message, in order. Or nothing is published: where something is to be sealed that isn't, or where the messages are to be
   * held against something else by now.
   */
  publish: readonly (Published | Refusal)[] | WantedSeals | ProtectionChanged
  /** Null where the subscription has ended. */
  getPushTarget: PushTarget | null
  endPushes: null
  countFailure: null
  replayMessages: null
  reset: { readonly topics: number }
}

export type SnsCommand<Kind extends keyof SnsCommands = keyof SnsCommands> = {
  [K in Kind]: Command & { readonly service: 'sns'; readonly kind: K } & SnsCommands[K]
}[Kind]

/** Where a topic lives. The same name in another account or region is another topic. */
export interface TopicAddress extends Scope {
  readonly name: string
}

/** A subscription's place in the list of all: its topic's name, and its number among that topic's. */
export interface SubscriptionPlace {
  readonly topic: string
  readonly number: number
}

export interface SubscriptionState {
  readonly id: string
  readonly isPending: boolean
}

export interface TopicDescription {
  readonly settings: TopicSettings
  readonly confirmed: number
  readonly pending: number
  /** Since the topic was created. */
  readonly deleted: number
  /** From which time on messages can be replayed, in milliseconds since the epoch; null without an archive. */
  readonly archiveBeginsAt: number | null
}

export interface ListedSubscription extends SubscriptionState {
  readonly topic: TopicAddress
  readonly protocol: Protocol
  readonly endpoint: string
  readonly owner: string
}

export interface SubscriptionDescription extends ListedSubscription {
  readonly settings: SubscriptionSettings
  readonly principal: string
  /** Whether only its owner and the topic's may end it. */
  readonly confirmedBySignature: boolean
  /** The topic's delivery policy, empty where it has none. */
  readonly topicDeliveryPolicy: string
  /** As AWS names it; empty for none. */
  readonly replayStatus: string
  /** Messages that could not be delivered, by the reason. */
  readonly failures: Readonly<Record<string, number>>
}

export interface PushTarget {
  readonly endpoint: string
  readonly settings: SubscriptionSettings
  /** With which it's to be confirmed; null once it is. */
  readonly token: string | null
  readonly topic: TopicSettings
}

export interface SubscriptionPage {
  readonly subscriptions: readonly ListedSubscription[]
  readonly next: SubscriptionPlace | null
}

export interface MessageToPublish {
  /** Position in the command's `bodies`: as `published-message.ts` writes it. */
  readonly body: number
  /** 16 bytes as four words: the message's id. */
  readonly messageId: Uint32Array
  /** 16 fresh bytes as four words, of which each subscription's landing gets its id. */
  readonly landingSeed: Uint32Array
  /** Four words; null for none. */
  readonly groupKey: Uint32Array | null
  /** Four words; null on standard topics. */
  readonly deduplicationKey: Uint32Array | null
  /** Whether the message's content stands for a deduplication id, which the topic may not allow. */
  readonly deduplicatesByContent: boolean
  /** What becomes of it in a queue. */
  readonly inQueue: MessageInQueue
  readonly filterable: FilterableMessage
  /** What data protection has to say; null for nothing. */
  readonly protection: MessageProtectionOutcome | null
}

export interface HeldAgainst {
  /** The data protection policy as its owner wrote it. */
  readonly policy: string
  /** The ARNs of those who made the subscriptions; null where the policy says nothing of subscribers. */
  readonly subscribers: ReadonlySet<string> | null
}

export interface ProtectionChanged {
  readonly kind: 'protection changed'
}

export interface MessageProtectionOutcome {
  /** Why the message is not published at all; null where it is. */
  readonly refusal: Refusal | null
  /** What some of the subscribers get instead. */
  readonly copies: readonly MessageCopy[]
}

/** What subscriptions get in the place of the message. */
export interface MessageCopy {
  /** The ARNs of those who made the subscriptions. */
  readonly subscribers: readonly string[]
  /** The protocols by which they get nothing; the empty name stands for all for which the message says nothing of their own. */
  readonly deniedTo: readonly string[]
  /** Null where it's the message as it is. `body` is as in the message. */
  readonly changed: { readonly body: number; readonly inQueue: MessageInQueue } | null
}

/** What filter policies look at. */
export interface FilterableMessage {
  readonly attributes: readonly LandedAttribute[]
  /** By protocol; that of the empty name is the default. */
  readonly texts: ReadonlyMap<string, string>
}

/** Sizes as SQS counts them, in bytes. */
export interface MessageInQueue {
  readonly envelopeBytes: number
  /** With attributes. */
  readonly rawBytes: number
  /** Why it can't be delivered raw, or null. */
  readonly rawProblem: 'too many attributes' | 'empty message' | null
}

/** Messages under one of the keys that are wanted. */
export interface PublishSeal {
  readonly key: TargetKey
  /** Position of the first one's body in the command's; null where they could not be sealed. */
  readonly firstBody: number | null
  /** Whether whoever publishes had leave for the key, as what the topic keeps under its own wants it. */
  readonly isForTopic: boolean
  /** Why what is sealed so may not land in a queue with the key; empty where it may, null where that was not asked. */
  readonly problem: string | null
}

/** What is to be sealed of what is published, and under which keys. */
export interface WantedSeals {
  readonly kind: 'seals wanted'
  /** What the topic keeps itself; null for nothing. */
  readonly topic: TargetKey | null
  /** What lands in queues. */
  readonly targets: readonly TargetKey[]
}

export interface Published {
  /** As four words; of a duplicate the id of the message that was published before. */
  readonly messageId: Uint32Array
  /** 0 on standard topics. */
  readonly sequence: number
}

export interface Refusal {
  readonly error: ErrorShape
  readonly message: string
}
