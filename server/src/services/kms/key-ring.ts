import { Buffer } from 'node:buffer'
import { ServiceError } from '../../api/service-error.ts'
import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import { formatUuid, toUuid, UUID_BYTES } from '../../base/uuid.ts'
import type {
  AliasAddress,
  KeyAddress,
  KeyReference,
  KeyView,
  Material,
  NewKey,
  SealedMaterial,
} from './commands.ts'
import type { LoadedKey } from './cryptography.ts'
import { keyUnavailable, NotFound } from './errors.ts'
import type { KeySpec } from './key-specs.ts'
import { LOADED_KEYS_MAX } from './limits.ts'
import {
  AWS_MANAGED_ROTATION_DAYS,
  descriptionOfManaged,
  isAwsAlias,
  policyOfManaged,
} from './managed-key.ts'
import { materialContext } from './material-context.ts'
import { ask, type KmsPorts } from './ports.ts'

const MATERIAL_ID_BYTES = 32

/**
 * Keys as a front has them: looked up in the cell each time, with material that is opened once. Here material is made and sealed, and
 * nowhere else is it to be seen unsealed.
 */
export class KeyRing {
  readonly #ports: KmsPorts
  /** By the ids of their materials, which are never used twice. Those of keys that are gone stay until others need the room. */
  readonly #loaded = new TwoGenerationCache<LoadedKey>(LOADED_KEYS_MAX)

  constructor(ports: KmsPorts) {
    this.#ports = ports
  }

  /**
   * The key as it is now. What is due of its rotations is done; a key that AWS would manage is made when its alias is asked for the
   * first time. Refused where there is none.
   */
  async find(reference: KeyReference): Promise<KeyView> {
    for (let view = await this.#look(reference); ; view = await this.#look(reference)) {
      const { rotationDue: due, key, spec } = view
      if (due === null) return view
      // Who was idle for long is rotated once for each period. Another front may be quicker; then this does nothing.
      const material = await this.#makeMaterial(key, spec)
      await ask(this.#ports, { service: 'kms', kind: 'rotateDueKey', key, due, material })
    }
  }

  async #look(reference: KeyReference): Promise<KeyView> {
    try {
      return await ask(this.#ports, { service: 'kms', kind: 'getKey', key: reference })
    } catch (error) {
      const isMissing = error instanceof ServiceError && error.shape === NotFound
      if (!isMissing || reference.kind !== 'alias' || !isAwsAlias(reference.alias.name)) throw error
      return this.#createManaged(reference.alias)
    }
  }

  #createManaged(alias: AliasAddress): Promise<KeyView> {
    return this.create({
      ...{ accountId: alias.accountId, region: alias.region, alias: alias.name, manager: 'AWS' },
      ...{ spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', isMultiRegion: false, tags: {} },
      ...{ description: descriptionOfManaged(alias.name), policy: policyOfManaged(alias) },
      rotationDays: AWS_MANAGED_ROTATION_DAYS,
    })
  }

  /** Makes a key with a new id and new material. */
  async create(asked: Omit<NewKey, 'key' | 'material'> & Omit<KeyAddress, 'name'>): Promise<KeyView> {
    const { accountId, region, ...rest } = asked
    const key = { accountId, region, name: this.#newKeyId(asked.isMultiRegion) }
    const material = await this.#makeMaterial(key, asked.spec)
    return ask(this.#ports, { service: 'kms', kind: 'createKey', ...rest, key, material })
  }

  /** New material for a key that has some. */
  async newMaterial({ key, spec }: KeyView): Promise<SealedMaterial> {
    return this.#makeMaterial(key, spec)
  }

  /** The key with one of its materials, by default the one that encrypts now. Refused where it can't be opened. */
  load(view: KeyView, material: Material = currentMaterial(view)): LoadedKey {
    const known = this.#loaded.get(material.id)
    if (known !== undefined) return known
    const loaded = this.#open(view, material)
    this.#loaded.set(material.id, loaded)
    return loaded
  }

  #open({ key, spec }: KeyView, { id, sealed }: Material): LoadedKey {
    const { sealer, cryptography, report } = this.#ports
    const material = sealer.open(sealed, materialContext(key, id))
    if (material === null) {
      report(new Error(`the ${materialContext(key, id)} can't be opened: it was sealed under another key`))
      throw keyUnavailable()
    }
    const loaded = cryptography.load(spec, material)
    material.fill(0)
    return loaded
  }

  async #makeMaterial(key: KeyAddress, spec: KeySpec): Promise<SealedMaterial> {
    const { random, sealer, cryptography } = this.#ports
    const id = Buffer.from(random.bytes(MATERIAL_ID_BYTES)).toString('hex')
    const material = await cryptography.makeMaterial(spec)
    const sealed = sealer.seal(material, materialContext(key, id))
    material.fill(0)
    return { id, sealed }
  }

  #newKeyId(isMultiRegion: boolean): string {
    const uuid = toUuid(this.#ports.random.bytes(UUID_BYTES))
    return isMultiRegion ? `mrk-${Buffer.from(uuid).toString('hex')}` : formatUuid(uuid)
  }
}

/** The one that encrypts now. */
export function currentMaterial({ materials }: KeyView): Material {
  return materials.at(-1)!
}
