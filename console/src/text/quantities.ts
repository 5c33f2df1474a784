const COUNT = new Intl.NumberFormat('en')

/** `1,234`; a dash for what isn't known. */
export function count(number: number | null): string {
  return number === null ? '–' : COUNT.format(number)
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** In its two largest units: `4 days`, `1 minute 30 seconds`. */
export function duration(seconds: number): string {
  let rest = Math.round(seconds)
  const parts: string[] = []
  for (const [unit, size] of UNITS) {
    const number = Math.floor(rest / size)
    rest -= number * size
    if (number > 0) parts.push(`${COUNT.format(number)} ${unit}${number === 1 ? '' : 's'}`)
    else if (parts.length > 0) break
  }
  return parts.slice(0, 2).join(' ') || '0 seconds'
}

/** How long ago, by its largest unit: `3 min ago`. */
export function ago(then: number, now: number): string {
  return `${shortDuration(Math.max(0, now - then) / 1000)} ago`
}

/** `in 12 s`, or `now` when it's past. */
export function ahead(then: number, now: number): string {
  return then <= now ? 'now' : `in ${shortDuration((then - now) / 1000)}`
}

function shortDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return seconds < 36 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** `2026-01-31 12:00:00` by the browser's time zone. */
export function clockTime(milliseconds: number): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return String(milliseconds)
  return new Date(milliseconds - date.getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ')
}

/** `200 bytes`, `1.5 KiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} byte${bytes === 1 ? '' : 's'}`
  const kib = bytes / 1024
  return kib < 1024 ? `${round(kib)} KiB` : `${round(kib / 1024)} MiB`
}

function round(number: number): string {
  return number < 10 ? number.toFixed(1).replace('.0', '') : String(Math.round(number))
}
