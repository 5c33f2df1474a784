import { lookup, Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'

/** Finds the addresses of a name: at least one, or an error. */
export type ResolveName = (name: string) => Promise<readonly string[]>

/** Where a name leads is not for endpoints. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
}

const SYSTEM_LOOKUPS_MAX = 1
/** What name servers say of names that they don't know, and what is said where there is no name server. */
const UNKNOWN_NAME = ['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']

export interface NameServersOptions {
  /** For an answer of a name server to one query, in milliseconds. */
  readonly queryMs: number
  /** How often a query is sent. */
  readonly tries: number
  /** Addresses with ports, instead of those that the system has. */
  readonly servers?: readonly string[]
}

/**
 * Asks the name servers without a thread, as endpoints' names are foreign: the system's own lookup blocks one of the few
 * threads that the journal's writes need too, for as long as somebody's name server likes. What name servers don't know may be
 * in the hosts file or in a search domain; only then the system is asked, for one name at a time.
 */
export class NameServers {
  readonly #resolver: Resolver
  readonly #waiting: (() => void)[] = []
  #asking = 0

  constructor({ queryMs, tries, servers }: NameServersOptions = { queryMs: 2_500, tries: 2 }) {
    this.#resolver = new Resolver({ timeout: queryMs, tries })
    if (servers !== undefined) this.#resolver.setServers(servers)
  }

  /** Rejects with what the name servers said. */
  async resolve(name: string): Promise<readonly string[]> {
    const answers = await Promise.allSettled([this.#resolver.resolve4(name), this.#resolver.resolve6(name)])
    const found = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    if (found.length > 0) return found
    for (const each of answers)
      if (each.status === 'rejected' && !UNKNOWN_NAME.includes(each.reason.code)) throw each.reason
    return this.#askSystem(name)
  }

  async #askSystem(name: string): Promise<readonly string[]> {
    while (this.#asking >= SYSTEM_LOOKUPS_MAX)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#asking++
    try {
      return (await lookup(name, { all: true })).map(({ address }) => address)
    } finally {
      this.#asking--
      this.#waiting.shift()?.()
    }
  }
}

/**
 * A lookup for connections that gives public addresses alone. The connection is made to what was looked at here, so that a name
 * server that answers differently the next time changes nothing.
 */
export function publicLookup(resolveName: ResolveName, allowPrivate: boolean): LookupFunction {
  return (name, { all }, callback) => {
    resolveName(name).then(
      (addresses) => {
        const allowed = allowPrivate ? addresses : addresses.filter(isPublicAddress)
        const [first] = allowed
        if (first === undefined) {
          const message =
            addresses.length === 0 ? 'the name has no address' : 'the name leads to no public address'
          callback(new PrivateAddressError(message), '', 0)
        } else if (all)
          callback(
            null,
            allowed.map((address) => ({ address, family: isIP(address) })),
          )
        else callback(null, first, isIP(first))
      },
      (error) => callback(error, '', 0),
    )
  }
}
