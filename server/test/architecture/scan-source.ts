/** One import of a file, static or dynamic, `import`, `export ... from` or `import('...')` as a type. */
export interface Import {
  readonly specifier: string
  /** The names taken by a static import, or null where all of them may be (namespace, default, dynamic, for its effect). */
  readonly names: readonly string[] | null
  /** Counted from 1. */
  readonly line: number
}

export interface ScannedSource {
  readonly imports: readonly Import[]
  /** The source with all comments and the content of strings blanked out: of the same length, line by line. */
  readonly code: string
  /** True when the file only hands on what other files export. */
  readonly isBarrel: boolean
}

/** Reads the imports of a TypeScript source without a compiler, but not fooled by comments, strings and templates. */
export function scanSource(source: string): ScannedSource {
  const code = blank(source, 'comments and strings')
  const withStrings = blank(source, 'comments')
  const imports: Import[] = []
  for (const pattern of [STATIC_IMPORT, DYNAMIC_IMPORT]) {
    for (const match of code.matchAll(pattern)) {
      // The words were found where there is no string or comment; the name they take is read from the source itself.
      const opening = match.index + match[0].length - 1
      const quote = withStrings[opening]
      if (quote === undefined) continue
      const specifier = withStrings.slice(opening + 1, withStrings.indexOf(quote, opening + 1))
      imports.push({ specifier, names: namesIn(match.groups?.clause), line: lineAt(code, match.index) })
    }
  }
  const rest = code.replaceAll(EXPORT_FROM, '')
  return { imports, code, isBarrel: imports.length > 0 && rest.trim() === '' }
}

const STATIC_IMPORT = /\b(?:import|export)\s+(?:type\s+)?(?<clause>[\w$\s,{}*]*?)(?:\bfrom\s*)?['"]/g
const DYNAMIC_IMPORT = /\bimport\s*\(\s*['"`]/g
const EXPORT_FROM =
  /\bexport\s+(?:type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s*from\s*(?:'[^']*'|"[^"]*");?/g

function namesIn(clause: string | undefined): readonly string[] | null {
  const list = clause?.match(/^\s*\{(?<list>[^}]*)\}\s*$/)?.groups?.list
  if (list === undefined) return null
  const names = list.split(',').map((name) => name.trim().replace(/^type\s+/, ''))
  return names.filter((name) => name !== '').map((name) => name.split(/\s+as\s+/)[0] ?? name)
}

/** The line, counted from 1, of a position in a text. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

/**
 * Replaces comments, and on request the content of strings, templates and regular expressions, by spaces. Code inside
 * of `${}` stays. Line ends and quotes stay, so that positions and lines remain what they were.
 */
function blank(source: string, what: 'comments' | 'comments and strings'): string {
  const blanksStrings = what === 'comments and strings'
  const result = source.split('')
  // For each template that is open: how many braces are open in its `${}`.
  const templates: number[] = []
  let position = 0

  const erase = (from: number, to: number) => {
    for (let i = from; i < to && i < result.length; i++) if (result[i] !== '\n') result[i] = ' '
  }
  /** Skips the text of a template up to its end or to the next `${`. */
  const template = (start: number) => {
    let end = start
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) {
      end += source[end] === '\\' ? 2 : 1
    }
    if (blanksStrings) erase(start, end)
    if (source[end] === '`') return end + 1
    templates.push(0)
    return end + 2
  }

  while (position < source.length) {
    // All but these is code that stays as it is.
    MARK.lastIndex = position
    position = MARK.exec(source)?.index ?? source.length
    const char = source[position]
    const open = templates.length - 1
    if (source.startsWith('//', position)) {
      const end = endOf(source, '\n', position)
      erase(position, end)
      position = end
    } else if (source.startsWith('/*', position)) {
      const end = endOf(source, '*/', position + 2) + 2
      erase(position, end)
      position = end
    } else if (char === "'" || char === '"' || (char === '/' && beginsRegularExpression(source, position))) {
      const end = char === '/' ? endOfRegularExpression(source, position) : endOfString(source, position)
      if (blanksStrings) erase(position + 1, end)
      position = end + 1
    } else if (char === '`') {
      position = template(position + 1)
    } else if (char === '}' && templates[open] === 0) {
      templates.pop()
      position = template(position + 1)
    } else {
      if (open >= 0 && char === '{') templates[open] = (templates[open] ?? 0) + 1
      if (open >= 0 && char === '}') templates[open] = (templates[open] ?? 0) - 1
      position += 1
    }
  }
  return result.join('')
}

const MARK = /[/'"`{}]/g

function endOf(source: string, mark: string, from: number): number {
  const end = source.indexOf(mark, from)
  return end === -1 ? source.length : end
}

/** The position of the closing quote. */
function endOfString(source: string, opening: number): number {
  let end = opening + 1
  while (end < source.length && source[end] !== source[opening]) end += source[end] === '\\' ? 2 : 1
  return end
}

/** The position of the closing slash. */
function endOfRegularExpression(source: string, opening: number): number {
  let inClass = false
  let end = opening + 1
  for (; end < source.length && (inClass || source[end] !== '/'); end++) {
    if (source[end] === '\\') end += 1
    else if (source[end] === '[') inClass = true
    else if (source[end] === ']') inClass = false
  }
  return end
}

/** A slash after a value divides; after an operator, an opening bracket or certain words it begins an expression. */
function beginsRegularExpression(source: string, slash: number): boolean {
  const before = source.slice(Math.max(0, slash - 20), slash).trimEnd()
  return before === '' || /[-(,=:[!&|?{};+*%<>~^]$|\b(?:return|typeof|case|of|in)$/.test(before)
}
