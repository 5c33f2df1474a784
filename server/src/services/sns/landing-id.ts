/**
 * The id that a published message has where it lands: another one for each subscription, and for each of its replays. It is made
 * of the message's seed (16 random bytes, or four words), the subscription's number and the replay's, 0 for none; so it is the
 * same whoever makes it, and needs no storing.
 */
export function landingId(seed: Uint32Array, subscription: number, replay: number): Uint32Array {
  return Uint32Array.of(seed[0]!, seed[1]!, (seed[2]! ^ replay) >>> 0, (seed[3]! ^ subscription) >>> 0)
}

/** As `landingId`, in bytes. */
export function landingIdBytes(seed: Uint8Array, subscription: number, replay: number): Uint8Array {
  const id = new Uint8Array(seed)
  const view = new DataView(id.buffer)
  view.setUint32(8, (view.getUint32(8, true) ^ replay) >>> 0, true)
  view.setUint32(12, (view.getUint32(12, true) ^ subscription) >>> 0, true)
  return id
}
