import { readFileSync } from 'node:fs'

export const ROOT = new URL('../../', import.meta.url)

/** `path` is relative to the project's root. */
export function readDocument(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8')
}

/** The rows of all tables in a text, as lists of cells without backquotes, headings and rules included. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'))
  return lines.map((line) =>
    line
      .replaceAll('\\|', '/')
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}

/** The part of a text under one heading. */
export function section(text: string, heading: string, mark = '##'): string {
  return text.split(new RegExp(`^${mark} `, 'm')).find((part) => part.startsWith(`${heading}\n`)) ?? ''
}
