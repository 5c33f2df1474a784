import { posix } from 'node:path'
import { type Import, lineAt, type ScannedSource, scanSource } from './scan-source.ts'

/** What one layer, a folder of the source tree, may reach for. */
export interface Layer {
  /** The layers it may import, beside itself. */
  readonly imports: readonly string[]
  /** The packages it may import. */
  readonly packages?: readonly string[]
  /** Reads no clock, draws no randomness and does no I/O; only `nodeNames` of Node's modules are open to it. */
  readonly pure?: true
  /** Its subfolders are units that do not import each other. */
  readonly apart?: true
}

export interface ImportRules {
  /** By the layer's path in the source tree: a folder, or a single file for what composes them. */
  readonly layers: Readonly<Record<string, Layer>>
  /** Node's modules that a pure layer may import, with the names it may take from each; null for any. */
  readonly nodeNames: Readonly<Record<string, readonly string[] | null>>
  /** The files that the product is entered by. */
  readonly mains: readonly string[]
}

export interface Violation {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** Source by path; the product's begin with `src/`, all others are tests and tools that may import what they like. */
export type SourceTree = ReadonlyMap<string, string>

/** Everything in the tree that breaks the rules, in the order of the files; empty for a sound tree. */
export function checkImports(tree: SourceTree, rules: ImportRules): readonly Violation[] {
  const files = new Map([...tree].map(([path, source]) => [path, scanSource(source)]))
  const violations: Violation[] = []
  for (const [path, scanned] of files) {
    if (isTest(path)) continue
    violations.push(...checkFileName(path), ...checkFile(path, scanned, files, rules))
  }
  violations.push(...findCycles(files), ...findUnreached(files, rules.mains))
  return violations
}

/** Whatever is no part of the product: what stands outside of src/, unit tests, and the suites that engines share. */
function isTest(path: string): boolean {
  return !path.startsWith('src/') || path.endsWith('.test.ts') || posix.basename(path) === 'contract.ts'
}

const EMPTY_NAMES = /^(?:utils?|helpers?|types?|common|misc|shared|interfaces?|constants|index)$/

function checkFileName(path: string): readonly Violation[] {
  const empty = path
    .replace(/\.ts$/, '')
    .split('/')
    .find((part) => EMPTY_NAMES.test(part))
  if (empty === undefined) return []
  const why =
    empty === 'index'
      ? 'a barrel is where cycles start'
      : 'name it for what it does, and put it where that belongs'
  return [{ file: path, line: 1, message: `"${empty}" is no name for a file or folder here: ${why}` }]
}

function checkFile(
  path: string,
  scanned: ScannedSource,
  files: ReadonlyMap<string, ScannedSource>,
  rules: ImportRules,
): readonly Violation[] {
  const name = layerOf(path, rules)
  const layer = name === null ? undefined : rules.layers[name]
  if (name === null || layer === undefined) {
    return [
      {
        file: path,
        line: 1,
        message: 'stands in no layer of the import map: add the folder to the map, with its arrows',
      },
    ]
  }
  const messages: { line: number; message: string | null }[] = scanned.imports.map((each) => ({
    line: each.line,
    message: each.specifier.startsWith('.')
      ? refuseFile(path, name, each, files, rules)
      : refusePackage(name, layer, each, rules),
  }))
  if (scanned.isBarrel)
    messages.push({ line: 1, message: 'is a barrel: it only hands on what others export; import those' })
  if (layer.pure) messages.push(...impurities(name, scanned.code))
  return messages.flatMap(({ line, message }) => (message === null ? [] : [{ file: path, line, message }]))
}

/** The longest path in the map that the file stands under, or null. */
function layerOf(path: string, rules: ImportRules): string | null {
  const inside = path.replace(/^src\//, '')
  const found = Object.keys(rules.layers).filter(
    (layer) => inside === layer || inside.startsWith(`${layer}/`),
  )
  return found.sort((a, b) => b.length - a.length)[0] ?? null
}

function refuseFile(
  path: string,
  from: string,
  { specifier }: Import,
  files: ReadonlyMap<string, ScannedSource>,
  rules: ImportRules,
): string | null {
  const target = resolve(path, specifier)
  if (!files.has(target))
    return target.endsWith('.json') ? null : `imports ${specifier}, which is not there (${target})`
  if (isTest(target)) return `imports the test ${target}; what the product needs doesn't belong in a test`
  const to = layerOf(target, rules)
  if (to === null) return null
  if (to === from) {
    const [unit, otherUnit] = [unitOf(path, from), unitOf(target, from)]
    if (!rules.layers[from]?.apart || unit === otherUnit) return null
    return `${unit} imports ${otherUnit}: the parts of ${from}/ don't know each other, what they share belongs below both`
  }
  const allowed = rules.layers[from]?.imports ?? []
  if (allowed.includes(to)) return null
  return `${from} may not import ${to} (${target}); it may import: ${allowed.join(', ') || 'nothing'}`
}

/** `services/sqs` for a file below it: the folder right under the layer. */
function unitOf(path: string, layer: string): string {
  return path
    .replace(/^src\//, '')
    .split('/')
    .slice(0, layer.split('/').length + 1)
    .join('/')
}

function refusePackage(
  name: string,
  layer: Layer,
  { specifier, names }: Import,
  rules: ImportRules,
): string | null {
  if (!specifier.startsWith('node:')) {
    if (layer.packages?.includes(specifier)) return null
    return `${name} may not import the package ${specifier}; it may import: ${layer.packages?.join(', ') || 'none'}`
  }
  if (!layer.pure) return null
  const allowed = rules.nodeNames[specifier]
  if (allowed === undefined)
    return `${name} is pure and may not import ${specifier}: take what it gives as a port`
  if (allowed === null) return null
  const refused = names === null ? ['the whole module'] : names.filter((taken) => !allowed.includes(taken))
  if (refused.length === 0) return null
  return `${name} is pure and may take only ${allowed.join(', ')} from ${specifier}, not ${refused.join(', ')}`
}

const IMPURE: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /\bDate\.now\b|\bnew Date\s*(?:\(\s*\)|(?![\s(]))|(?<!new )\bDate\(/g,
    'a clock (time comes in with the command, or as a Clock)',
  ],
  [/\bperformance\s*\./g, 'a clock (time comes in with the command, or as a Clock)'],
  [/\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'a timer (take Timers as a port)'],
  [/\bMath\.random\b|\bcrypto\s*\./g, 'randomness (take Random as a port)'],
  [/\bprocess\s*\.|\bglobalThis\b/g, 'the process (let the composition root hand in what it says)'],
  [/\bconsole\s*\.|\bfetch\s*\(/g, 'I/O (throw, return, or take a port)'],
]

function impurities(layer: string, code: string): readonly { line: number; message: string }[] {
  return IMPURE.flatMap(([pattern, what]) =>
    [...code.matchAll(pattern)].map((match) => ({
      line: lineAt(code, match.index),
      message: `${layer} is pure, but "${match[0].trim()}" is ${what}`,
    })),
  )
}

function resolve(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier))
}

/** The files of the tree that a file imports. */
function importsOf(path: string, files: ReadonlyMap<string, ScannedSource>): readonly string[] {
  const relative = files.get(path)?.imports.filter((each) => each.specifier.startsWith('.')) ?? []
  return relative.map((each) => resolve(path, each.specifier)).filter((target) => files.has(target))
}

/**
 * One violation for each circle, told as its path. Imports of types count too: the compiler doesn't mind such a circle, but
 * neither of its files can be understood first.
 */
function findCycles(files: ReadonlyMap<string, ScannedSource>): readonly Violation[] {
  const violations: Violation[] = []
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (path: string) => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      const circle = [...trail.slice(start), path].join(' → ')
      violations.push({ file: path, line: 1, message: `imports itself in a circle: ${circle}` })
    }
    if (start >= 0 || done.has(path)) return
    trail.push(path)
    for (const target of importsOf(path, files)) visit(target)
    trail.pop()
    done.add(path)
  }
  for (const path of files.keys()) visit(path)
  return violations
}

/**
 * Files of the product that nobody uses: neither `mains`, through any number of imports, nor a test or tool. Being tried by
 * one's own unit test alone is no use. Types of packages that have none are used by whoever imports the package.
 */
function findUnreached(
  files: ReadonlyMap<string, ScannedSource>,
  mains: readonly string[],
): readonly Violation[] {
  const reached = new Set<string>()
  const visit = (path: string) => {
    if (reached.has(path)) return
    reached.add(path)
    for (const target of importsOf(path, files)) visit(target)
  }
  for (const main of mains) visit(main)
  for (const test of [...files.keys()].filter(isTest)) {
    const tried = test.replace(/\.test\.ts$/, '.ts')
    for (const target of importsOf(test, files)) if (target !== tried) visit(target)
  }
  return [...files.keys()]
    .filter((path) => !isTest(path) && !path.endsWith('.d.ts') && !reached.has(path))
    .map((file) => ({
      file,
      line: 1,
      message: `nothing reaches it from ${mains.join(', ')} or from a test of another file: use or delete it`,
    }))
}
