import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { NameList } from '../../../core/name-list.ts'
import { packIds, unpackIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type {
  GrantView,
  KeyAddress,
  KeyManager,
  KeySettings,
  KeyUse,
  KeyView,
  Material,
  RotationType,
  SealedMaterial,
} from '../commands.ts'
import type { KeySpec, KeyUsage } from '../key-specs.ts'
import { Grant, type GrantRecord } from './grant.ts'

const DAY_MS = 86_400_000

/** What stays as it is for as long as the key is there. */
export interface KeyOrigin {
  /** Never used before. */
  readonly number: number
  readonly address: KeyAddress
  readonly spec: KeySpec
  readonly usage: KeyUsage
  readonly manager: KeyManager
  readonly isMultiRegion: boolean
  readonly createdAt: number
}

interface KeyRecord extends KeyOrigin {
  readonly settings: KeySettings
  readonly materials: readonly Material[]
  readonly lastUse: KeyUse | null
  /** Unit ids, as little-endian 32-bit words, in any order. */
  readonly grants: Uint8Array
}

/** A key with all material that it ever had, and its grants. */
export class Key extends Unit {
  readonly origin: KeyOrigin
  readonly #units: Units
  #settings: KeySettings
  #materials: readonly Material[]
  #lastUse: KeyUse | null = null
  /** Names of its aliases, for the pages of them. Not part of its record: aliases say whose they are. */
  readonly aliasNames = new NameList()
  readonly #grants = new Map<string, Grant>()
  readonly #grantIds = new NameList()
  /** Those that have a name. */
  readonly #grantsByName = new Map<string, readonly Grant[]>()

  constructor(units: Units, origin: KeyOrigin, settings: KeySettings, materials: readonly Material[]) {
    super()
    this.#units = units
    this.origin = origin
    this.#settings = settings
    this.#materials = materials
  }

  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): Key {
    const { settings, materials, lastUse, grants, ...origin } = decodeCbor(contentOf(unit)) as KeyRecord
    const key = new Key(units, origin, settings, materials)
    units.addAs(unit, key)
    key.#lastUse = lastUse
    for (const each of unpackIds(grants)) key.#index(Grant.restore(units, each, contentOf))
    return key
  }

  encode(): Uint8Array {
    const record: KeyRecord = {
      ...this.origin,
      settings: this.#settings,
      materials: this.#materials,
      lastUse: this.#lastUse,
      grants: packIds([...this.#grants.values()].map(({ id }) => id)),
    }
    return encodeCbor(record)
  }

  /** To be called before anything that `encode` writes changes. */
  #touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  get number(): number {
    return this.origin.number
  }

  get address(): KeyAddress {
    return this.origin.address
  }

  get settings(): KeySettings {
    return this.#settings
  }

  get isPendingDeletion(): boolean {
    return this.#settings.deletion !== null
  }

  /** When it is gone; Infinity where it stays. */
  get deletesAt(): number {
    return this.#settings.deletion?.at ?? Number.POSITIVE_INFINITY
  }

  get materials(): readonly Material[] {
    return this.#materials
  }

  get lastUse(): KeyUse | null {
    return this.#lastUse
  }

  get onDemandRotations(): number {
    return this.#materials.filter(({ rotation }) => rotation === 'ON_DEMAND').length
  }

  /** When it should have been rotated; null where it needn't be now. Whoever needs the key then makes the material. */
  rotationDue(now: number): number | null {
    const { rotation, isEnabled, enabledAt, deletion } = this.#settings
    if (rotation === null || rotation.nextAt > now || !isEnabled || deletion !== null) return null
    // What is disabled isn't rotated; that is made up for once it's enabled again.
    return Math.max(rotation.nextAt, enabledAt)
  }

  view(now: number): KeyView {
    const { number: _number, address: key, ...origin } = this.origin
    return {
      ...{ key, ...origin, settings: this.#settings, materials: this.#materials },
      ...{ rotationDue: this.rotationDue(now), lastUse: this.#lastUse },
    }
  }

  change(changes: Partial<KeySettings>): void {
    this.#touch()
    this.#settings = { ...this.#settings, ...changes }
  }

  /** What was encrypted before stays readable. */
  rotate(material: SealedMaterial, rotation: RotationType, at: number, nextAt: number | null): void {
    this.#touch()
    this.#materials = [...this.#materials, { ...material, since: at, rotation }]
    const { rotation: schedule } = this.#settings
    if (schedule === null || nextAt === null) return
    this.#settings = { ...this.#settings, rotation: { ...schedule, nextAt } }
  }

  use(use: KeyUse): void {
    this.#touch()
    this.#lastUse = use
  }

  get grantCount(): number {
    return this.#grants.size
  }

  get grants(): Iterable<Grant> {
    return this.#grants.values()
  }

  /** Several grants may have the same name, as long as they say different things. */
  grantsNamed(name: string): readonly Grant[] {
    return this.#grantsByName.get(name) ?? []
  }

  grant(id: string): Grant | undefined {
    return this.#grants.get(id)
  }

  /** Up to `limit` grants in the order of their ids after `after`, and after which id the next page begins. */
  grantPage(
    after: string,
    limit: number,
    matches: (grant: GrantRecord) => boolean,
  ): { readonly grants: readonly GrantView[]; readonly next: string | null } {
    const isFit = (id: string) => matches(this.#grants.get(id)!.record)
    const { names, next } = this.#grantIds.page('', after, limit, isFit)
    return { grants: names.map((id) => this.grantView(this.#grants.get(id)!)), next }
  }

  grantView({ record }: Grant): GrantView {
    return { ...record, key: this.address }
  }

  addGrant(record: GrantRecord): void {
    this.#touch()
    const grant = new Grant(record)
    this.#units.add(grant)
    this.#index(grant)
  }

  removeGrant(grant: Grant): void {
    this.#touch()
    this.#grants.delete(grant.record.id)
    this.#grantIds.remove(grant.record.id)
    const { name } = grant.record
    const others = this.grantsNamed(name).filter((each) => each !== grant)
    if (others.length === 0) this.#grantsByName.delete(name)
    else this.#grantsByName.set(name, others)
    this.#units.remove(grant)
  }

  /** Gives up to `limit` of its grants to the caller, once the key is gone. */
  takeGrants(limit: number): readonly Grant[] {
    // A snapshot under way that still has to write the key, is to name its grants as they were.
    this.#touch()
    const taken: Grant[] = []
    for (const [id, grant] of this.#grants) {
      if (taken.length === limit) break
      this.#grants.delete(id)
      taken.push(grant)
    }
    return taken
  }

  #index(grant: Grant): void {
    this.#grants.set(grant.record.id, grant)
    this.#grantIds.add(grant.record.id)
    const { name } = grant.record
    if (name !== '') this.#grantsByName.set(name, [...this.grantsNamed(name), grant])
  }
}

/** When a key that is rotated every so many days is rotated next. */
export function nextRotation(days: number, after: number): number {
  return after + days * DAY_MS
}

/** When a key whose deletion is scheduled now is gone. */
export function deletionTime(days: number, now: number): number {
  return now + days * DAY_MS
}
