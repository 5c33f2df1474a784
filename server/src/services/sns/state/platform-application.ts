import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds, unpackIds } from '../../../core/packed-lists.ts'
import { ResourceDirectory } from '../../../core/resource-directory.ts'
import { Unit, type Units } from '../../../core/units.ts'
import { applicationArn } from '../platform-arn.ts'
import type {
  ApplicationAddress,
  ApplicationAttributes,
  PlatformEndpointSettings,
} from '../platform-commands.ts'
import { NumberedList } from './numbered-list.ts'

export interface NewPlatformApplication {
  readonly number: number
  readonly address: ApplicationAddress
  readonly attributes: ApplicationAttributes
}

interface PlatformApplicationRecord extends NewPlatformApplication {
  /** Of the endpoints, in their order: unit ids, as little-endian 32-bit words. */
  readonly endpoints: Uint8Array
}

export interface PlatformEndpointRecord {
  readonly number: number
  /** A UUID. */
  readonly id: string
  readonly settings: PlatformEndpointSettings
  /** Messages that were accepted for it. */
  readonly addressed: number
}

/** A device that an application may push to. */
export class PlatformEndpoint extends Unit {
  #record: PlatformEndpointRecord

  constructor(record: PlatformEndpointRecord) {
    super()
    this.#record = record
  }

  get record(): PlatformEndpointRecord {
    return this.#record
  }

  encode(): Uint8Array {
    return encodeCbor(this.#record)
  }

  change(units: Units, changes: Partial<PlatformEndpointRecord>): void {
    units.touch(this)
    this.#record = { ...this.#record, ...changes }
  }
}

/** All platform applications of a cell. */
export class PlatformApplications extends ResourceDirectory<PlatformApplication> {
  constructor() {
    super(applicationArn)
  }
}

/** An application of a push platform, with its endpoints in the order in which they were made; each has a token of its own. */
export class PlatformApplication extends Unit {
  readonly number: number
  readonly address: ApplicationAddress
  attributes: ApplicationAttributes
  readonly #units: Units
  readonly #endpoints = new NumberedList<PlatformEndpoint>(({ record }) => record.number)
  readonly #byId = new Map<string, PlatformEndpoint>()
  readonly #byToken = new Map<string, PlatformEndpoint>()

  constructor(units: Units, { number, address, attributes }: NewPlatformApplication) {
    super()
    this.#units = units
    this.number = number
    this.address = address
    this.attributes = attributes
  }

  get isEnabled(): boolean {
    const { Enabled } = this.attributes
    return Enabled !== 'false'
  }

  encode(): Uint8Array {
    const { number, address, attributes } = this
    const endpoints = packIds(this.#endpoints.items.map(({ id }) => id))
    const record: PlatformApplicationRecord = { number, address, attributes, endpoints }
    return encodeCbor(record)
  }

  /** To be called before anything that `encode` writes changes. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  withId(id: string): PlatformEndpoint | undefined {
    return this.#byId.get(id)
  }

  withToken(token: string): PlatformEndpoint | undefined {
    return this.#byToken.get(token)
  }

  numbered(number: number): PlatformEndpoint | undefined {
    return this.#endpoints.numbered(number)
  }

  /** Up to `limit` endpoints with numbers above `after`. */
  page(after: number, limit: number): readonly PlatformEndpoint[] {
    return this.#endpoints.page(after, limit)
  }

  /** Its number is above all that are there, and its token that of none. */
  add(endpoint: PlatformEndpoint): void {
    this.touch()
    this.#index(endpoint)
  }

  remove(endpoint: PlatformEndpoint): void {
    this.touch()
    const { number, id, settings } = endpoint.record
    this.#endpoints.remove(number)
    this.#byId.delete(id)
    this.#byToken.delete(settings.token)
  }

  changeEndpoint(endpoint: PlatformEndpoint, settings: PlatformEndpointSettings): void {
    this.#byToken.delete(endpoint.record.settings.token)
    endpoint.change(this.#units, { settings })
    this.#byToken.set(settings.token, endpoint)
  }

  /** All that is to be taken out of the units when the application is gone, itself included. */
  *allUnits(): IterableIterator<Unit> {
    yield this
    yield* this.#endpoints.items
  }

  /** Brings back what its record says, with the endpoints. */
  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): PlatformApplication {
    const record = decodeCbor(contentOf(unit)) as PlatformApplicationRecord
    const application = new PlatformApplication(units, record)
    units.addAs(unit, application)
    for (const each of unpackIds(record.endpoints)) {
      const endpoint = new PlatformEndpoint(decodeCbor(contentOf(each)) as PlatformEndpointRecord)
      units.addAs(each, endpoint)
      application.#index(endpoint)
    }
    return application
  }

  #index(endpoint: PlatformEndpoint): void {
    const { id, settings } = endpoint.record
    this.#endpoints.add(endpoint)
    this.#byId.set(id, endpoint)
    this.#byToken.set(settings.token, endpoint)
  }
}
