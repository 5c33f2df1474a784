import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { type DataKey, DataKeyRefused, type DataKeys, type DataKeyUse } from '../../src/core/data-keys.ts'

/** Data keys without a KMS: each key has one, whose encrypted form is the key's name. Those that are `disabled` are refused. */
export class NamedDataKeys implements DataKeys {
  readonly disabled = new Set<string>()
  /** What was asked, such as `current orders`. */
  readonly asked: string[] = []
  /** What happens while the next key is waited for. */
  meanwhile: (() => Promise<unknown>) | null = null
  readonly #keys = new Map<string, DataKey>()

  async current({ keyId }: DataKeyUse): Promise<DataKey> {
    this.#ask('current', keyId)
    const { meanwhile } = this
    this.meanwhile = null
    await meanwhile?.()
    const known = this.#keys.get(keyId)
    if (known !== undefined) return known
    const made = { secret: secretOf(keyId), encrypted: new Uint8Array(Buffer.from(keyId)) }
    this.#keys.set(keyId, made)
    return made
  }

  async open(_: Omit<DataKeyUse, 'keyId'>, encrypted: Uint8Array): Promise<Uint8Array> {
    const keyId = Buffer.from(encrypted).toString()
    this.#ask('open', keyId)
    return secretOf(keyId)
  }

  async check({ keyId }: DataKeyUse): Promise<void> {
    this.#ask('check', keyId)
  }

  #ask(what: string, keyId: string): void {
    this.asked.push(`${what} ${keyId}`)
    if (this.disabled.has(keyId)) throw new DataKeyRefused('disabled', `${keyId} is disabled.`)
  }
}

function secretOf(keyId: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(keyId).digest())
}
