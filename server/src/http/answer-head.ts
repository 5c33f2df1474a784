import { STATUS_CODES } from 'node:http'
import { interned } from '../base/interned.ts'

/** Up to the values of the fields of an answer, all of which is the same as long as status and names are. */
interface Frame {
  readonly status: number
  readonly names: readonly string[]
  /** What stands before each value. */
  readonly texts: readonly string[]
}

/** What stands behind all values. */
interface Ending {
  readonly date: string
  readonly keepAliveMs: number
  readonly text: string
}

/**
 * Writes the heads of answers over HTTP/1.1. Nearly all of them have one status and fields of the same names, and many are written in one second, so that what
 * stands around the values is kept: a head that is put together of a few pieces is sooner in one piece than one of twenty.
 */
export class AnswerHeads {
  #frame: Frame = { status: 0, names: [], texts: [] }
  #ending: Ending = { date: '', keepAliveMs: 0, text: '' }

  /** `fields`: names and values in turn. `keepAliveMs`: how long the connection waits for another request; null if it takes none. */
  head(status: number, fields: readonly string[], date: string, keepAliveMs: number | null): string {
    if (!fits(this.#frame, status, fields)) this.#frame = frameOf(status, fields)
    const { texts } = this.#frame
    let head = ''
    for (let i = 0; i < texts.length; i++) {
      head += texts[i]!
      head += fields[2 * i + 1]!
    }
    if (fields.length === 0) head = lineOf(status)
    if (keepAliveMs === null) return `${head}\r\nDate: ${date}\r\nconnection: close\r\n\r\n`
    if (date !== this.#ending.date || keepAliveMs !== this.#ending.keepAliveMs) {
      this.#ending = endingOf(date, keepAliveMs)
    }
    return head + this.#ending.text
  }
}

function fits({ names, status }: Frame, ofStatus: number, fields: readonly string[]): boolean {
  if (status !== ofStatus || 2 * names.length !== fields.length) return false
  for (let i = 0; i < names.length; i++) if (names[i] !== fields[2 * i]) return false
  return true
}

function frameOf(status: number, fields: readonly string[]): Frame {
  const names = fields.filter((_, i) => i % 2 === 0)
  const texts = names.map((name, i) => interned(`${i === 0 ? lineOf(status) : ''}\r\n${name}: `))
  return { status, names, texts }
}

function lineOf(status: number): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}`
}

function endingOf(date: string, keepAliveMs: number): Ending {
  const seconds = Math.floor(keepAliveMs / 1000)
  const text = `\r\nDate: ${date}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n\r\n`
  return { date, keepAliveMs, text: interned(text) }
}
