import type { Random } from '../../../base/random.ts'
import { TwoGenerationCache } from '../../../base/two-generation-cache.ts'
import type { HeldAgainst, TopicAddress } from '../commands.ts'
import { namesPrincipal } from './principal-list.ts'
import {
  type AuditReport,
  type Finding,
  type InboundOutcome,
  protectInbound,
  protectOutbound,
  Search,
  type Texts,
} from './protect.ts'
import type { ProtectionPolicy } from './protection-policy.ts'
import { ProtectionPolicyError, readProtectionPolicy } from './read-policy.ts'

/** What the state knows of a topic's data protection. */
export interface ProtectedTopic {
  /** As its owner wrote it; empty for none. */
  readonly policy: string
  /** The ARNs of those who made its subscriptions, each once. */
  readonly subscribers: () => Iterable<string>
}

/** What an audit tells: never what was found, but that it was. */
export interface AuditLine {
  readonly topicArn: string
  readonly messageId: string
  readonly callerPrincipal: string
  /** None where nothing was found. */
  readonly dataIdentifiers: readonly Finding[]
}

export interface MessageProtectionOptions {
  /** The topic as it is at the moment; undefined where there is none. */
  readonly topicAt: (topic: TopicAddress) => ProtectedTopic | undefined
  readonly random: Random
  readonly audited: (line: AuditLine) => void
}

/** What subscribers get in the place of the message. */
export interface ProtectedCopy {
  /** The ARNs of those who made the subscriptions. */
  readonly subscribers: readonly string[]
  /** Null for the message as it is. */
  readonly texts: Texts | null
  /** The protocols, the default under the empty name, by which it isn't delivered at all. */
  readonly deniedTo: readonly string[]
}

/** What becomes of one message. */
export interface ProtectedMessage {
  readonly texts: Texts
  readonly isDenied: boolean
  readonly report: AuditReport | null
  /** For all subscribers that are not to get the message as it is. */
  readonly copies: readonly ProtectedCopy[]
}

const POLICIES_MAX = 1_024

/** A policy of an earlier version that today's rules refuse: nobody knows what it would have protected. */
const UNREADABLE = 'unreadable'

/** Holds messages against the data protection policies of their topics, each of which is read once. */
export class MessageProtection {
  readonly #options: MessageProtectionOptions
  readonly #policies = new TwoGenerationCache<ProtectionPolicy | typeof UNREADABLE>(POLICIES_MAX)

  constructor(options: MessageProtectionOptions) {
    this.#options = options
  }

  /** Null where the topic has no policy, which costs a look. */
  protect(topic: TopicAddress, principal: string, texts: Texts): ProtectedMessage | null {
    const found = this.#options.topicAt(topic)
    if (found === undefined || found.policy === '') return null
    const policy = this.#policyOf(found.policy)
    if (policy === UNREADABLE) return { texts, isDenied: true, report: null, copies: [] }
    const inbound = protectInbound(policy.inbound, principal, texts, () => this.#draw())
    const copies = inbound.isDenied ? [] : this.#copiesOf(policy, inbound, found.subscribers())
    return { ...inbound, copies }
  }

  /** What `protect` holds messages of the topic against, in the same turn: null where it does nothing. */
  heldAgainst(topic: TopicAddress): HeldAgainst | null {
    const found = this.#options.topicAt(topic)
    if (found === undefined || found.policy === '') return null
    const policy = this.#policyOf(found.policy)
    const isForSubscribers = policy !== UNREADABLE && policy.outbound.length > 0
    return { policy: found.policy, subscribers: isForSubscribers ? new Set(found.subscribers()) : null }
  }

  /** Tells whoever wants to know. */
  tell(line: AuditLine): void {
    this.#options.audited(line)
  }

  #policyOf(text: string): ProtectionPolicy | typeof UNREADABLE {
    let policy = this.#policies.get(text)
    if (policy === undefined) {
      policy = read(text)
      this.#policies.set(text, policy)
    }
    return policy
  }

  #copiesOf(
    { outbound }: ProtectionPolicy,
    { texts }: InboundOutcome,
    subscribers: Iterable<string>,
  ): readonly ProtectedCopy[] {
    if (outbound.length === 0) return []
    const search = new Search()
    // Those of whom the same statements speak get the same.
    const groups = new Map<string, string[]>()
    for (const subscriber of subscribers) {
      const named = outbound
        .map(({ principals }) => (namesPrincipal(principals, subscriber) ? '1' : '0'))
        .join('')
      const group = groups.get(named)
      if (group === undefined) groups.set(named, [subscriber])
      else group.push(subscriber)
    }
    return [...groups.values()].flatMap((group) => {
      const outcome = protectOutbound(outbound, group[0]!, texts, search)
      if (outcome.texts === texts && outcome.deniedTo.length === 0) return []
      const own = outcome.texts === texts ? null : outcome.texts
      return [{ subscribers: group, texts: own, deniedTo: outcome.deniedTo }]
    })
  }

  /** From 0 to 99, each as likely. */
  #draw(): number {
    const [a = 0, b = 0, c = 0] = this.#options.random.bytes(3)
    return (a * 65_536 + b * 256 + c) % 100
  }
}

function read(text: string): ProtectionPolicy | typeof UNREADABLE {
  try {
    return readProtectionPolicy(text)
  } catch (error) {
    if (error instanceof ProtectionPolicyError) return UNREADABLE
    throw error
  }
}
