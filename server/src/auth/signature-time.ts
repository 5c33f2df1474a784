const RFC_1123 = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const BASIC = /^\d{8}T\d{6}Z$/

/** What was read last: requests come many in a second, and say the same one. */
let lastText = ''
let lastTime: number | undefined

/** Reads `20150830T123600Z`: milliseconds since the epoch, or undefined if it is anything else. */
export function parseBasicTime(text: string): number | undefined {
  if (text !== lastText) lastTime = readBasicTime(text)
  // Also where it's the same text, since the next request most likely has this very object.
  lastText = text
  return lastTime
}

function readBasicTime(text: string): number | undefined {
  if (!BASIC.test(text)) return undefined
  const month = twoDigits(text, 4)
  const day = twoDigits(text, 6)
  const hour = twoDigits(text, 9)
  const minute = twoDigits(text, 11)
  const second = twoDigits(text, 13)
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59)
    return undefined
  return Date.UTC(twoDigits(text, 0) * 100 + twoDigits(text, 2), month - 1, day, hour, minute, second)
}

/** Reads a `Date` header, which may also be in the form HTTP gives it: `Sun, 30 Aug 2015 12:36:00 GMT`. */
export function parseDateHeader(text: string): number | undefined {
  if (!RFC_1123.test(text)) return parseBasicTime(text)
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** Writes a time, in milliseconds since the epoch, as `20150830T123600Z`. */
export function formatBasicTime(time: number): string {
  const text = new Date(time).toISOString()
  return `${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 13)}${text.slice(14, 16)}${text.slice(17, 19)}Z`
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
}
