import type { Route, Routes } from './request-handler.ts'

/** Finds the route of a path. Nearly every request has none, so that saying so must be quick. */
export class RouteTable {
  readonly #exact = new Map<string, Route>()
  /** Longest first. */
  readonly #prefixes: readonly { readonly prefix: string; readonly route: Route }[]

  constructor(routes: Routes) {
    const prefixes: { prefix: string; route: Route }[] = []
    for (const [path, route] of Object.entries(routes)) {
      if (path.endsWith('/')) prefixes.push({ prefix: path, route })
      else this.#exact.set(path, route)
    }
    this.#prefixes = prefixes.sort((a, b) => b.prefix.length - a.prefix.length)
  }

  find(path: string): Route | undefined {
    if (path === '/') return undefined
    const exact = this.#exact.get(path)
    if (exact !== undefined) return exact
    for (const { prefix, route } of this.#prefixes) if (path.startsWith(prefix)) return route
    return undefined
  }
}
