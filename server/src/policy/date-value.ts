/** `2026-11-26T09:30:00.5+01:00` and what of it may be left out: W3C's profile of ISO 8601, as loosely as AWS reads it. */
const ISO_8601 =
  /^(?<year>-?\d{1,9})(?:-(?<month>\d{1,2})(?:-(?<day>\d{1,2}))?)?(?:T(?:(?<hour>\d{1,2})(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.(?<fraction>\d{1,9}))?)?)?(?<zone>Z|[+-]\d{2}(?::\d{2})?)?)?)?$/i
const EPOCH_SECONDS = /^\d{1,19}(?:\.\d{1,9})?$/
/** The seconds that fit into 64 bits: AWS reads no more. */
const SECONDS_MAX = 2 ** 63 - 1024
/** The years whose milliseconds fit into 64 bits. */
const YEARS = { min: -292_275_054, max: 292_278_993 }
const DAY_MS = 86_400_000

/** Milliseconds since the epoch of a date in ISO 8601, or in seconds since the epoch; null where it is neither. */
export function parseDateValue(text: string): number | null {
  if (!/[t-]/i.test(text)) {
    const seconds = EPOCH_SECONDS.test(text) ? Number(text) : Number.NaN
    return seconds <= SECONDS_MAX ? seconds * 1000 : null
  }
  const groups = ISO_8601.exec(text)?.groups
  if (groups === undefined) return null
  const year = Number(groups.year)
  const month = numberWithin(groups.month, 1, 12)
  const day = numberWithin(groups.day, 1, 31)
  const hour = numberWithin(groups.hour, 0, 23)
  const minute = numberWithin(groups.minute, 0, 59)
  const second = numberWithin(groups.second, 0, 59)
  const zone = parseZone(groups.zone ?? 'Z')
  if (year < YEARS.min || year > YEARS.max || zone === null) return null
  if (month === null || day === null || hour === null || minute === null || second === null) return null
  const fraction = groups.fraction === undefined ? 0 : Number(`0.${groups.fraction}`)
  const ofDay = ((hour * 60 + minute - zone) * 60 + second + fraction) * 1000
  return daysSinceEpoch(year, month, day) * DAY_MS + ofDay
}

/** The number of a part, the least one where it was left out; null where it is out of bounds. */
function numberWithin(text: string | undefined, min: number, max: number): number | null {
  const number = text === undefined ? min : Number(text)
  return number >= min && number <= max ? number : null
}

/** Minutes ahead of UTC. */
function parseZone(text: string): number | null {
  if (/^z$/i.test(text)) return 0
  const hours = numberWithin(text.slice(1, 3), 0, 23)
  const minutes = numberWithin(text.slice(4) || '0', 0, 59)
  if (hours === null || minutes === null) return null
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/**
 * Days from 1970-01-01 in the Gregorian calendar, for any year: JavaScript's dates end long before AWS's. Years begin with March
 * here, so that the leap day is their last, and come in eras of 400, which are equally long.
 */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
