import { DataKeyRefused } from './data-keys.ts'
import { type BodySeals, isSealed, type SealReading } from './sealed-body.ts'
import type { Bodies } from './service-state.ts'

/** A stored body as it was before it was sealed; why that is not to be had, or null for one that is lost. */
export type OpenedBody = Uint8Array | DataKeyRefused | null

/** Opens those of the bodies that are sealed. At once where none of them is, with the very same list. */
export function openBodies(
  seals: BodySeals,
  readingOf: () => SealReading,
  bodies: Bodies,
): readonly OpenedBody[] | Promise<readonly OpenedBody[]> {
  if (!bodies.some((body) => body !== null && isSealed(body))) return bodies
  const reading = readingOf()
  return Promise.all(
    bodies.map((body) => (body !== null && isSealed(body) ? openBody(seals, reading, body) : body)),
  )
}

async function openBody(
  seals: BodySeals,
  reading: SealReading,
  body: Uint8Array,
): Promise<Uint8Array | DataKeyRefused> {
  try {
    return await seals.open(reading, body)
  } catch (error) {
    if (error instanceof DataKeyRefused) return error
    throw error
  }
}
