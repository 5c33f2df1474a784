import { expect, test } from 'vitest'
import { checkImports, type ImportRules } from './import-rules.ts'

const rules: ImportRules = {
  layers: {
    base: { imports: [], pure: true },
    core: { imports: ['base'], pure: true },
    services: { imports: ['core', 'base'], pure: true, apart: true },
    engines: { imports: ['base'], apart: true, packages: ['cborg'] },
    'server.ts': { imports: ['services', 'engines', 'core', 'base'] },
  },
  nodeNames: { 'node:crypto': ['createHash'], 'node:buffer': null },
  mains: ['src/server.ts'],
}

/** A sound tree, with `changes` laid over it; the complaints about it, without the files that nothing reaches. */
function complaints(changes: Readonly<Record<string, string>>): readonly string[] {
  const tree = new Map(Object.entries({ ...soundTree, ...changes }))
  return checkImports(tree, rules).map(({ file, line, message }) => `${file}:${line} ${message}`)
}

const soundTree = {
  'src/base/bytes.ts': 'export const bytes = 1\n',
  'src/core/cell.ts': "import { bytes } from '../base/bytes.ts'\nexport const cell = bytes\n",
  'src/services/sqs/queue.ts': "import { cell } from '../../core/cell.ts'\nexport const queue = cell\n",
  'src/services/sns/topic.ts': "import { cell } from '../../core/cell.ts'\nexport const topic = cell\n",
  'src/engines/files/segment.ts': "import { encode } from 'cborg'\nexport const segment = encode\n",
  'src/server.ts': [
    "import { segment } from './engines/files/segment.ts'",
    "import { topic } from './services/sns/topic.ts'",
    "import { queue } from './services/sqs/queue.ts'",
    'export const server = [segment, topic, queue, process.pid, Date.now()]',
  ].join('\n'),
}

const queue = (source: string) => ({ 'src/services/sqs/queue.ts': source })

test('a sound tree has nothing to complain about', () => {
  expect(complaints({})).toEqual([])
})

test.each([
  ['import', "import { server } from '../server.ts'\nexport const bytes = server"],
  ['import of a type', "import type { server } from '../server.ts'\nexport type Bytes = typeof server"],
  ['export from', "export { server } from '../server.ts'\nexport const bytes = 1"],
  ['export of everything', "export * from '../server.ts'\nexport const bytes = 1"],
  ['import for its effect', "import '../server.ts'\nexport const bytes = 1"],
  ['dynamic import', "export const bytes = await import('../server.ts')"],
  ['import inside a type', "export type Bytes = import('../server.ts').Server"],
  ['import over several lines', "import {\n  server,\n} from '../server.ts'\nexport const bytes = server"],
])('an upward %s is found', (_, source) => {
  expect(complaints({ 'src/base/bytes.ts': source })).toContainEqual(
    expect.stringContaining(
      'src/base/bytes.ts:1 base may not import server.ts (src/server.ts); it may import: nothing',
    ),
  )
})

test('an import in a comment, a string or a template is none', () => {
  const source = [
    "// import { server } from '../server.ts'",
    "/* export * from '../server.ts' */",
    'export const bytes = "import x from \'../server.ts\'"',
    "export const text = `import x from '../server.ts' $" + '{bytes} // Date.now() `',
    'export const pattern = /[\'"]/g // process.exit()',
  ].join('\n')
  expect(complaints({ 'src/base/bytes.ts': source })).toEqual([])
})

test('one service may not import another, nor one engine another', () => {
  expect(complaints(queue("import { topic } from '../sns/topic.ts'\nexport const queue = topic"))).toEqual([
    expect.stringContaining('src/services/sqs/queue.ts:1 services/sqs imports services/sns'),
  ])
  const memory = "import { segment } from '../files/segment.ts'\nexport const memory = segment"
  expect(
    complaints({
      'src/engines/memory/engine.ts': memory,
      'test/memory.ts': "import '../src/engines/memory/engine.ts'",
    }),
  ).toEqual([expect.stringContaining('engines/memory imports engines/files')])
})

test('a package that the map does not name is found', () => {
  expect(complaints(queue("import { encode } from 'cborg'\nexport const queue = encode"))).toEqual([
    expect.stringContaining('services may not import the package cborg; it may import: none'),
  ])
})

test.each([
  'Date.now()',
  'new Date()',
  'new Date',
  'performance.now()',
  'setTimeout(f, 1)',
  'setInterval(f, 1)',
  'setImmediate(f)',
  'Math.random()',
  'crypto.randomUUID()',
  'process.env.HOME',
  'globalThis.Date',
  'console.log(1)',
  '`$' + '{Date.now()}`',
  "fetch('http://localhost')",
])('%s in a pure folder is found, with its line', (expression) => {
  const found = complaints(queue(`// why\nexport const queue = () => ${expression}`))
  expect(found).toEqual([expect.stringMatching(/^src\/services\/sqs\/queue\.ts:2 services is pure, but /)])
})

test('a date made from a given time is pure', () => {
  expect(complaints(queue('export const queue = (now: number) => new Date(now).toISOString()'))).toEqual([])
})

test('a pure folder may take from node modules only what is named', () => {
  const pure = (source: string) => complaints(queue(`${source}\nexport const queue = 1`))
  expect(pure("import { createHash } from 'node:crypto'\nimport { Buffer } from 'node:buffer'")).toEqual([])
  expect(pure("import { createHash, randomBytes as draw } from 'node:crypto'")[0]).toContain(
    'not randomBytes',
  )
  expect(pure("import * as crypto from 'node:crypto'")[0]).toContain('not the whole module')
  expect(pure("import { readFileSync } from 'node:fs'")[0]).toContain('may not import node:fs')
})

test('a circle is told as its path, also one of types only', () => {
  const circle = {
    'src/core/cell.ts': "import type { Step } from './step.ts'\nexport type Cell = Step",
    'src/core/step.ts':
      "import type { Cell } from './cell.ts'\nimport '../base/bytes.ts'\nexport type Step = Cell",
  }
  expect(complaints(circle)).toEqual([
    expect.stringContaining('circle: src/core/cell.ts → src/core/step.ts → src/core/cell.ts'),
  ])
})

test('a file that nothing reaches is found, even if it has a unit test of its own', () => {
  const unused = {
    'src/base/heap.ts': 'export const heap = 1',
    'src/base/heap.test.ts': "import { heap } from './heap.ts'",
  }
  expect(complaints(unused)).toEqual([expect.stringContaining('src/base/heap.ts:1 nothing reaches it')])
  expect(complaints({ ...unused, 'test/sim.ts': "import { heap } from '../src/base/heap.ts'" })).toEqual([])
})

test('the product may not import a test', () => {
  const changes = {
    ...queue("import { fake } from './fake.test.ts'\nexport const queue = fake"),
    'src/services/sqs/fake.test.ts': '',
  }
  expect(complaints(changes)).toEqual([
    expect.stringContaining('imports the test src/services/sqs/fake.test.ts'),
  ])
})

test('a barrel is found by its name and by its content', () => {
  const inner = "export { queue } from './queue.ts'"
  const user = {
    'test/user.ts': "import '../src/services/sqs/index.ts'\nimport '../src/services/sqs/all.ts'",
  }
  const found = complaints({ ...user, 'src/services/sqs/index.ts': inner, 'src/services/sqs/all.ts': inner })
  expect(found).toHaveLength(3)
  expect(found[0]).toContain('src/services/sqs/index.ts:1 "index" is no name')
  expect(found[2]).toContain('src/services/sqs/all.ts:1 is a barrel')
})

test.each(['utils', 'helpers', 'types', 'common'])('a file or folder named %s is found', (name) => {
  for (const file of [`src/base/${name}.ts`, `src/base/${name}/bytes.ts`]) {
    const user = { 'test/user.ts': `import '../${file}'` }
    expect(complaints({ ...user, [file]: 'export const x = 1' })).toEqual([
      expect.stringContaining(`"${name}" is no name`),
    ])
  }
})

test('a folder that the map does not know is found, and so is an import of nothing', () => {
  const changes = {
    'src/extra/thing.ts': 'export const x = 1',
    'test/user.ts': "import '../src/extra/thing.ts'",
  }
  expect(complaints(changes)).toEqual([expect.stringContaining('stands in no layer')])
  expect(complaints(queue("import { gone } from './gone.ts'\nexport const queue = gone"))).toEqual([
    expect.stringContaining('which is not there (src/services/sqs/gone.ts)'),
  ])
})
