/**
 * Whether two values of plain data say the same, whatever the order of their members: CBOR orders them anew, so after a restart
 * they stand as nobody wrote them.
 */
export function haveSameContent(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const entries = Object.entries(a)
  const others = new Map(Object.entries(b))
  return (
    entries.length === others.size && entries.every(([key, value]) => haveSameContent(value, others.get(key)))
  )
}
