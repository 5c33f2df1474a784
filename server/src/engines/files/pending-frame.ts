import type { FrameKind } from '../../journal/frame-format.ts'
import type { Segment } from './body-file.ts'
import { type FramePlan, planFrame } from './frame-layout.ts'

/** A frame that is not yet on disk: what was appended to it, as it came. */
export class PendingFrame {
  readonly number: number
  readonly kind: FrameKind
  /** The segment it will be written to. */
  readonly segment: Segment
  readonly firstBodyId: number
  readonly events: Uint8Array[] = []
  readonly bodies: Uint8Array[] = []
  /** Events and bodies. */
  bytes = 0
  now: number
  /** Something was appended, be it of no length. */
  used = false
  /** How often something was. */
  appends = 0
  /** Set when nothing more is taken. */
  plan: FramePlan | null = null

  constructor(kind: FrameKind, number: number, segment: Segment, firstBodyId: number, now: number) {
    this.kind = kind
    this.number = number
    this.segment = segment
    this.firstBodyId = firstBodyId
    this.now = now
  }

  append(now: number, events: Uint8Array, bodies: readonly Uint8Array[]): void {
    this.used = true
    this.appends++
    this.now = now
    if (events.length > 0) this.events.push(events)
    this.bytes += events.length
    for (const body of bodies) {
      this.bodies.push(body)
      this.bytes += body.length
    }
  }

  /** Takes nothing more from now on. */
  close(): FramePlan {
    this.plan ??= planFrame(this, this.segment.key)
    return this.plan
  }
}
