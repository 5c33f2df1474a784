import { DataKeyRefused } from './data-keys.ts'
import { type BodySeals, isSealed, placeOfSeal, type SealReading } from './sealed-body.ts'
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

/** For how long what was found of a key counts where nobody says. */
const REUSE_MS = 300_000

/**
 * Opens a body on nobody's behalf, where its resource is: for what a service does by itself with what it sealed. Rejects with
 * `DataKeyRefused`.
 */
export async function openOwnBody(seals: BodySeals, body: Uint8Array): Promise<Uint8Array> {
  if (!isSealed(body)) return body
  const place = placeOfSeal(body)
  if (place === null) throw new DataKeyRefused('invalid ciphertext', 'A stored body says not what it is of.')
  return seals.open({ ...place, reuseMs: REUSE_MS, user: null }, body)
}

/** The same for all of them; those that can't be opened stay as they are. */
export function openOwnBodies(seals: BodySeals, bodies: Bodies): Bodies | Promise<Bodies> {
  if (!bodies.some((body) => body !== null && isSealed(body))) return bodies
  return Promise.all(
    bodies.map(async (body) => {
      if (body === null) return null
      try {
        return await openOwnBody(seals, body)
      } catch (error) {
        if (error instanceof DataKeyRefused) return body
        throw error
      }
    }),
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
