import { Buffer } from 'node:buffer'
import { ServiceError } from '../../src/api/service-error.ts'
import type { SecretsServer } from './secrets-server.ts'

type KeyStanding = 'active' | 'inactive' | 'gone'
type KmsStanding = 'Enabled' | 'Disabled'

/** What a client knows of one access key: how it may be, which is one thing where nothing was left unanswered. */
interface KnownAccessKey {
  readonly user: string
  readonly secret: string
  readonly possible: Set<KeyStanding>
}

interface KnownKmsKey {
  readonly possible: Set<KmsStanding>
  /** Rotations that were acknowledged, and those that were asked for. */
  rotations: { least: number; most: number }
  readonly encrypted: { readonly ciphertext: Uint8Array; readonly plaintext: string }[]
}

/**
 * What clients of IAM and KMS were told, to be held against what a server says after its start: what was acknowledged is as it was, what
 * was asked for and not answered may be one or the other, and stays what it is then.
 */
export class SecretsHistory {
  readonly accessKeys = new Map<string, KnownAccessKey>()
  readonly kmsKeys = new Map<string, KnownKmsKey>()
  readonly wrong: string[] = []
  /** Keys that were found good, keys that were found gone, and ciphertexts that were opened. */
  readonly found = { good: 0, gone: 0, opened: 0 }

  keyCreated(id: string, user: string, secret: string): void {
    this.accessKeys.set(id, { user, secret, possible: new Set(['active']) })
  }

  /** Changes something of a key; until it's acknowledged it may be either. */
  async change<Standing>(
    { possible }: { readonly possible: Set<Standing> },
    to: Standing,
    change: () => Promise<unknown>,
  ): Promise<void> {
    possible.add(to)
    await change()
    possible.clear()
    possible.add(to)
  }

  async rotate({ rotations }: KnownKmsKey, rotate: () => Promise<unknown>): Promise<void> {
    rotations.most++
    await rotate()
    rotations.least++
  }

  kmsKeyCreated(id: string): void {
    this.kmsKeys.set(id, { possible: new Set(['Enabled']), rotations: { least: 0, most: 0 }, encrypted: [] })
  }

  /** Compares a server that has just started. */
  async check(server: SecretsServer): Promise<void> {
    for (const [id, key] of this.accessKeys) this.#checkAccessKey(server, id, key)
    await this.#checkActivity(server)
    for (const [id, key] of this.kmsKeys) await this.#checkKmsKey(server, id, key)
    this.wrong.push(...server.reports)
  }

  #checkAccessKey({ identities }: SecretsServer, id: string, { secret, possible }: KnownAccessKey): void {
    const found = identities.find(id, undefined)
    if (found === undefined) {
      if (!possible.has('gone') && !possible.has('inactive')) this.wrong.push(`${id} is not good any more`)
      possible.delete('active')
      return
    }
    if (found.secretKey !== secret) this.wrong.push(`${id} has another secret`)
    if (!possible.has('active')) this.wrong.push(`${id} is good again`)
    possible.clear()
    possible.add('active')
    this.found.good++
  }

  /** Tells inactive keys from those that are gone. */
  async #checkActivity(server: SecretsServer): Promise<void> {
    const there = new Map<string, KeyStanding>()
    for (const user of new Set([...this.accessKeys.values()].map((key) => key.user))) {
      for (const { AccessKeyId, Status } of await keysOf(server, user)) {
        there.set(AccessKeyId, Status === 'Active' ? 'active' : 'inactive')
      }
    }
    for (const [id, { possible }] of this.accessKeys) {
      const standing = there.get(id) ?? 'gone'
      if (!possible.has(standing)) this.wrong.push(`${id} may be ${[...possible]} and is ${standing}`)
      if (standing === 'gone') this.found.gone++
      possible.clear()
      possible.add(standing)
    }
  }

  async #checkKmsKey(server: SecretsServer, KeyId: string, key: KnownKmsKey): Promise<void> {
    const { KeyMetadata } = await server.ask('DescribeKey', { KeyId })
    const standing: KmsStanding = KeyMetadata.KeyState
    if (!key.possible.has(standing)) {
      this.wrong.push(`key ${KeyId} may be ${[...key.possible]} and is ${standing}`)
    }
    key.possible.clear()
    key.possible.add(standing)
    const { Rotations } = await server.ask('ListKeyRotations', { KeyId })
    const { least, most } = key.rotations
    if (Rotations.length < least || Rotations.length > most) {
      this.wrong.push(`key ${KeyId} was rotated ${Rotations.length} times, not ${least} to ${most}`)
    }
    key.rotations = { least: Rotations.length, most: Rotations.length }
    if (standing === 'Disabled') return
    for (const { ciphertext, plaintext } of key.encrypted) {
      const { Plaintext } = await server.ask('Decrypt', { CiphertextBlob: ciphertext })
      if (Buffer.from(Plaintext).toString() !== plaintext) this.wrong.push(`${plaintext} opens as another`)
      this.found.opened++
    }
  }
}

/** None of a user that isn't there. */
export async function keysOf(
  server: SecretsServer,
  UserName: string,
): Promise<readonly { readonly AccessKeyId: string; readonly Status: string }[]> {
  try {
    return (await server.ask('ListAccessKeys', { UserName })).AccessKeyMetadata
  } catch (error) {
    if (error instanceof ServiceError) return []
    throw error
  }
}
