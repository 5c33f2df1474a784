/**
 * A report as lines for a person: `words of the key: value` each, lists indented below their key. Keys are camel case, and end
 * in `Bytes` where a value is bytes, in `At` where it is milliseconds since the epoch. Empty lists are left out, unless there is nothing else.
 */
export function formatReport(report: object): string {
  const lines = Object.entries(report).flatMap(([key, value]) => formatEntry(key, value))
  const nothing = () => Object.keys(report).map((key) => `${wordsOf(key)}: none`)
  return (lines.length > 0 ? lines : nothing()).join('\n')
}

function formatEntry(key: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [`${wordsOf(key)}: ${formatValue(key, value)}`]
  if (value.length === 0) return []
  return [`${wordsOf(key)}:`, ...value.map((item: unknown) => `  ${formatItem(key, item)}`)]
}

/** What an item doesn't have is left out. */
function formatItem(key: string, item: unknown): string {
  if (typeof item !== 'object' || item === null) return formatValue(key, item)
  const parts = Object.entries(item).filter(([, value]) => value !== null && value !== undefined)
  return parts.map(([name, value]) => `${wordsOf(name)} ${formatValue(name, value)}`).join(', ')
}

function formatValue(key: string, value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value !== 'number') return String(value)
  if (key.endsWith('At')) return new Date(value).toISOString()
  // The same in every locale.
  return value.toLocaleString('en-US')
}

function wordsOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
