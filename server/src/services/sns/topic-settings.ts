/** A topic's settings, as its owner may choose them; `topic-attributes.ts` gives each its wire name and range. */
export interface TopicSettings {
  readonly displayName: string
  /** The access policy as its owner wrote it; empty for the default one. */
  readonly policy: string
  /** As its owner wrote it; empty where there is none. */
  readonly deliveryPolicy: string
  readonly dataProtectionPolicy: string
  /** Empty where no key is named. */
  readonly kmsMasterKeyId: string
  /** What messages are signed with; empty where the owner left it open, which stands for 1. */
  readonly signatureVersion: '' | '1' | '2'
  /** Empty where the owner left it open, which stands for PassThrough. */
  readonly tracingConfig: '' | 'PassThrough' | 'Active'
  /** The attributes of delivery status logging, by their names on the wire. */
  readonly feedback: Readonly<Record<string, string>>
  /** The last three say something of FIFO topics alone. */
  readonly contentBasedDeduplication: boolean
  readonly fifoThroughputScope: 'Topic' | 'MessageGroup'
  /** As its owner wrote it; empty where it was never set. */
  readonly archivePolicy: string
}

export const DEFAULT_TOPIC_SETTINGS: TopicSettings = {
  displayName: '',
  policy: '',
  deliveryPolicy: '',
  dataProtectionPolicy: '',
  kmsMasterKeyId: '',
  signatureVersion: '',
  tracingConfig: '',
  feedback: {},
  contentBasedDeduplication: false,
  fifoThroughputScope: 'Topic',
  archivePolicy: '',
}
