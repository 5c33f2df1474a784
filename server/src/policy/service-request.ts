import { principalKeys } from './principal-keys.ts'
import { contextOf, type RequestContext } from './request-context.ts'

/** A service of AWS that does something by itself, because of a resource of its own. */
export interface ActingService {
  /** `sns.amazonaws.com` */
  readonly service: string
  /** The resource because of which: `aws:SourceArn`. */
  readonly sourceArn: string
  /** The account that has it: `aws:SourceAccount`. */
  readonly sourceAccount: string
}

/** What it does something to. */
export interface ServiceTarget {
  readonly accountId: string
  readonly region: string
  readonly tags: Readonly<Record<string, string>>
}

const TIME_KEYS: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime'])

/**
 * What conditions of policies may ask about what a service does by itself. It comes from no address and no client, and never in plain text.
 * `now` is in milliseconds since the epoch.
 */
export class ServiceRequest implements RequestContext {
  /** Whether the time was asked for, so that the answer is for this moment alone. */
  askedTime = false
  readonly #known: RequestContext

  constructor({ service, sourceArn, sourceAccount }: ActingService, target: ServiceTarget, now: number) {
    this.#known = contextOf([
      ...principalKeys({ kind: 'service', name: service }, { tags: [], userName: null, sessionName: null }),
      ['aws:SourceArn', sourceArn],
      ['aws:SourceAccount', sourceAccount],
      ['aws:ViaAWSService', 'false'],
      ['aws:SecureTransport', 'true'],
      ['aws:RequestedRegion', target.region],
      ['aws:ResourceAccount', target.accountId],
      ...Object.entries(target.tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value] as const),
      ['aws:CurrentTime', new Date(now).toISOString()],
      ['aws:EpochTime', String(Math.floor(now / 1000))],
    ])
  }

  get(key: string): readonly string[] | undefined {
    if (TIME_KEYS.has(key)) this.askedTime = true
    return this.#known.get(key)
  }
}
