import { type Landing, nameOfKey } from '../../../core/landing.ts'
import { clearPartOf } from '../../../core/sealed-body.ts'
import type { Step } from '../../../core/service-state.ts'
import type { MessageToPublish, PublishSeal, SnsCommand } from '../commands.ts'
import { stamp } from '../published-message.ts'
import type { SnsEvent } from './events.ts'
import { UNSEALED } from './publish-seals.ts'

/** One form of a message that was stored, for all that it is for. */
export interface StoredBody {
  readonly bodyId: number
  readonly bytes: number
  /** How it lands on a standard topic: the same for all subscriptions that are raw, and for all that are not. */
  readonly raw: Landing
  readonly enveloped: Landing
}

/** A message that is stored for whoever it's for: once for all of them that want it under the same key, if any wants it so. */
export class StoredMessage {
  readonly message: MessageToPublish
  readonly #command: SnsCommand<'publish'>
  readonly #sequence: number
  readonly #step: Step<SnsEvent>
  #plain: StoredBody | null = null
  /** By the positions of what was sealed, of all messages. */
  #sealed: Map<number, StoredBody> | null = null

  constructor(
    command: SnsCommand<'publish'>,
    message: MessageToPublish,
    sequence: number,
    step: Step<SnsEvent>,
  ) {
    this.message = message
    this.#command = command
    this.#sequence = sequence
    this.#step = step
  }

  /** The form that the topic keeps under its key of that name. */
  kept(keyName: string): StoredBody {
    return keyName === UNSEALED ? this.#unsealed() : this.#sealedAs(this.#sealUnder(keyName))
  }

  /** The form that lands where the key has that name; why there is none, where the key could not be used. */
  landing(keyName: string): StoredBody | string {
    if (keyName === UNSEALED) return this.#unsealed()
    const seal = this.#sealUnder(keyName)
    if (seal.problem === null)
      throw new Error(`nobody asked whether what is sealed under ${keyName} may land`)
    return seal.problem === '' ? this.#sealedAs(seal) : seal.problem
  }

  #unsealed(): StoredBody {
    this.#plain ??= this.#store(this.message.body)
    return this.#plain
  }

  #sealUnder(keyName: string): PublishSeal {
    const seal = this.#command.seals?.find(({ key }) => nameOfKey(key) === keyName)
    if (seal === undefined) throw new Error(`nothing was sealed under ${keyName}`)
    return seal
  }

  #sealedAs({ key, firstBody }: PublishSeal): StoredBody {
    if (firstBody === null) throw new Error(`nothing could be sealed under ${key.keyId}`)
    const known = this.#sealed?.get(firstBody)
    if (known !== undefined) return known
    const stored = this.#store(firstBody + this.message.body)
    this.#sealed ??= new Map()
    this.#sealed.set(firstBody, stored)
    return stored
  }

  #store(position: number): StoredBody {
    const body = this.#command.bodies[position]!
    stamp(clearPartOf(body), this.#step.now, this.#sequence)
    const bodyId = this.#step.storeShared(position)
    const bytes = body.length
    const { groupKey } = this.message
    const { rawBytes, envelopeBytes } = this.message.inQueue
    return {
      bodyId,
      bytes,
      raw: { bodyId, bytes, sizeBytes: rawBytes, groupKey, deduplication: null },
      enveloped: { bodyId, bytes, sizeBytes: envelopeBytes, groupKey, deduplication: null },
    }
  }
}
