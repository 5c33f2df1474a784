import type { Changed, QueueDifference } from '../declared-queues.ts'

/** What a start would do to the declared queues, for a person to read. */
export function formatDifferences(differences: readonly QueueDifference[], declared: number): string {
  const lines = differences.flatMap(({ queue, isMissing, attributes, tags }) => [
    `${isMissing ? 'create' : 'change'} ${queue.name} (${queue.region}, ${queue.accountId})`,
    ...attributes.map((changed) => `  ${changed.name}: ${transition(changed, isMissing)}`),
    ...tags.map((changed) => `  tag ${changed.name}: ${transition(changed, isMissing)}`),
  ])
  const created = differences.filter(({ isMissing }) => isMissing).length
  const changed = differences.length - created
  const same = declared - differences.length
  const summary = `declared: ${declared}; to create: ${created}, to change: ${changed}, as declared: ${same}`
  return [...lines, ...(lines.length > 0 ? [''] : []), summary].join('\n')
}

function transition({ from, to }: Changed, isMissing: boolean): string {
  return isMissing ? shown(to) : `${shown(from)} → ${shown(to)}`
}

function shown(value: string): string {
  return value === '' ? '(none)' : value
}
