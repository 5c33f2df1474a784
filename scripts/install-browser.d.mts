export const BROWSER_PLACES: readonly string[]
export const BROWSER_SUITE: string
export function installBrowser(): void
