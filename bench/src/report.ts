import type { Budget, Figure } from './figures.ts'
import type { Machine } from './machine.ts'
import type { Pinning } from './pinning.ts'
import { summarize } from './statistics.ts'

/** A table in Markdown: the ratio first, since that alone can be compared with another day's. */
export function renderTable(figures: readonly Figure[]): string {
  const rows = [
    ['work', 'ratio', 'budget', 'Millrace: median (min – max)', 'ceiling: median (min – max)'],
    ['---', '---', '---', '---', '---'],
    ...figures.map((figure) => {
      const ratio = ratioOf(figure)
      return [
        `${figure.name}, ${figure.unit}`,
        ratio === undefined
          ? ''
          : `${ratio.toFixed(2)} of the ${figure.ceiling === undefined ? 'budget' : 'ceiling'}`,
        figure.budget === undefined
          ? ''
          : `${budgetText(figure.budget)}: ${isMet(figure) ? 'met' : 'missed'}`,
        series(figure.millrace),
        figure.ceiling === undefined ? '' : series(figure.ceiling),
      ]
    }),
  ]
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Ours to the ceiling's of the same run, the median of all runs; where there is no ceiling, to the budget. Undefined where there is neither. */
export function ratioOf({ millrace, ceiling, budget }: Figure): number | undefined {
  if (ceiling !== undefined) return summarize(millrace.map((value, run) => value / ceiling[run]!)).median
  const { median } = summarize(millrace)
  if (budget === undefined || budget.kind === 'of ceiling' || budget.kind === 'times ceiling')
    return undefined
  return median / budget.value
}

/** Whether a figure keeps to its budget; true where it has none. */
export function isMet(figure: Figure): boolean {
  const ratio = ratioOf(figure)
  if (figure.budget === undefined || ratio === undefined) return true
  switch (figure.budget.kind) {
    case 'of ceiling':
      return ratio >= figure.budget.atLeast
    case 'times ceiling':
      return ratio <= figure.budget.atMost
    case 'at least':
      return ratio >= 1
    case 'at most':
      return ratio <= 1
    default:
      return figure.budget satisfies never
  }
}

export function renderMachine(machine: Machine, pinning: Pinning | undefined): string {
  const pinned =
    pinning === undefined
      ? 'not pinned to cores: expect figures to scatter'
      : `pinned: the JavaScript of the measured process to core ${pinning.measured}, all else to core ${pinning.others}`
  return [
    `${machine.processor}, ${machine.cores} cores, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, ${machine.system}`,
    `Node ${machine.node}, commit ${machine.commit}; load average ${machine.loadAverage.toFixed(1)} beforehand`,
    pinned,
    `data on ${machine.fileSystem}, where a write of 4 KiB and fdatasync takes ` +
      `${machine.syncMs.p50.toFixed(2)} ms (p50), ${machine.syncMs.p99.toFixed(2)} ms (p99)`,
  ].join('\n')
}

function budgetText(budget: Budget): string {
  switch (budget.kind) {
    case 'of ceiling':
      return `at least ${budget.atLeast.toFixed(2)}`
    case 'times ceiling':
      return `at most ${budget.atMost.toFixed(2)}`
    default:
      return `${budget.kind} ${plain(budget.value)}`
  }
}

function series(values: readonly number[]): string {
  const { median, min, max } = summarize(values)
  return values.length === 1 ? plain(median) : `${plain(median)} (${plain(min)} – ${plain(max)})`
}

/** Whole numbers from 100 on, else three significant digits. */
function plain(value: number): string {
  const digits = Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 }
  return value.toLocaleString('en', digits)
}
