import type { TemplateResult } from 'lit-html'
import type { Host } from '../app/section.ts'
import type { Sqs } from './sqs.ts'

/** The queue that a page is about, as its tabs need it. */
export interface OpenQueue {
  readonly name: string
  readonly host: Host
  readonly sqs: Sqs
  /** As last read; null until they were, and after the queue has gone. */
  readonly attributes: ReadonlyMap<string, string> | null
  /** Reads the attributes again. */
  refresh(): void
}

/** One view of a queue. It's made when it is turned to, and closed when it is left. */
export interface Tab {
  view(): TemplateResult
  close(): void
}
