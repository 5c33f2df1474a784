const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const PARTS = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/
const PART = /(\d+(?:\.\d+)?)(ms|[smhd])/g

/**
 * Whole milliseconds of a span of time as people write it: `90s`, `5m`, `1h30m`, `1.5d`, `250ms`; or of a number, or text, that
 * is milliseconds already. Undefined for anything else: negative, without a unit but with a fraction, or empty.
 */
export function parseDuration(duration: unknown): number | undefined {
  if (typeof duration === 'number')
    return Number.isSafeInteger(duration) && duration >= 0 ? duration : undefined
  if (typeof duration !== 'string') return undefined
  if (/^\d+$/.test(duration)) return parseDuration(Number(duration))
  if (!PARTS.test(duration)) return undefined
  let milliseconds = 0
  for (const [, count, unit] of duration.matchAll(PART)) milliseconds += Number(count) * MILLISECONDS[unit!]!
  return parseDuration(Math.round(milliseconds))
}
