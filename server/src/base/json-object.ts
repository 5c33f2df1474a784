export type JsonObject = Readonly<Record<string, unknown>>

/** The object that a text says in JSON; null where it says anything else, or is no JSON. */
export function parseJsonObject(json: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(json)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
