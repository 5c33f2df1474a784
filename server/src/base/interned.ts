/**
 * The engine's one string of this text. Two interned strings are equal only where they are the same, so that comparing them, with each other or
 * with what stands in the code, is comparing two addresses; and one that is a key of a map is hashed once. To intern a text takes longer than comparing it a few
 * times: it's for those that are kept.
 */
export function interned(text: string): string {
  // The names of an object's members are interned. An object without a prototype is a plain table of them, of which nothing is remembered.
  const names: Record<string, true> = Object.create(null)
  names[text] = true
  return Object.keys(names)[0]!
}
