import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkImports, type ImportRules } from './architecture/import-rules.ts'

/**
 * Which folder may import which, drawn in ARCHITECTURE.md. An arrow is added here only when the new direction is meant, and
 * never to make the test quiet: what two folders both need belongs below them.
 */
const rules: ImportRules = {
  mains: ['src/main.ts', 'src/library/start-millrace.ts'],
  layers: {
    base: { imports: [], pure: true },
    digests: { imports: ['base'], pure: true },
    api: { imports: ['policy', 'base'], pure: true },
    core: { imports: ['digests', 'base'], pure: true },
    services: {
      imports: ['core', 'policy', 'api', 'digests', 'base'],
      pure: true,
      apart: true,
      packages: ['cborg'],
    },
    policy: { imports: ['base'], pure: true, packages: ['ipaddr.js'] },
    journal: { imports: ['base'] },
    engines: { imports: ['journal', 'base'], apart: true },
    cell: { imports: ['core', 'journal', 'api', 'base'] },
    observe: { imports: ['base'], packages: ['pino'] },
    protocol: { imports: ['api', 'base'], packages: ['cborg', '@smithy/eventstream-codec'] },
    'key-file.ts': { imports: [] },
    'tls-files.ts': { imports: [] },
    auth: { imports: ['key-file.ts', 'policy', 'api', 'base'] },
    keys: {
      imports: ['services', 'core', 'base'],
      packages: ['@noble/curves/ed25519.js', '@noble/curves/nist.js', '@noble/curves/secp256k1.js'],
    },
    http: { imports: ['protocol', 'auth', 'api', 'base'] },

    delivery: {
      imports: ['key-file.ts', 'core', 'base', 'observe'],
      packages: ['aws4fetch', 'ipaddr.js', 'node-forge', 'nodemailer', 'smpp'],
    },

    config: { imports: ['auth', 'delivery', 'journal', 'observe', 'base'] },
    'declared-queues.ts': { imports: ['config', 'services', 'auth', 'core', 'api'] },
    'read-declared-queues.ts': { imports: ['config', 'auth', 'base'] },
    'client-variables.ts': { imports: ['auth'] },
    'running-server.ts': {
      imports: ['config', 'declared-queues.ts', 'observe', 'services', 'cell', 'core'],
    },
    'queues-in-events.ts': { imports: ['services', 'base'] },
    'system.ts': { imports: ['cell', 'base'] },
    'aes-gcm.ts': { imports: ['engines'] },
    'master-key-text.ts': { imports: [] },
    'master-keys.ts': {
      imports: ['aes-gcm.ts', 'master-key-text.ts', 'key-file.ts', 'config', 'engines', 'base'],
    },
    'open-journal.ts': {
      imports: ['master-keys.ts', 'system.ts', 'config', 'observe', 'engines', 'journal', 'base'],
    },
    'states.ts': { imports: ['auth', 'services', 'core', 'api'] },
    'refused-landings.ts': { imports: ['observe', 'services', 'base'] },
    'open-cell.ts': {
      imports: [
        ...[
          'states.ts',
          'refused-landings.ts',
          'open-journal.ts',
          'system.ts',
          'config',
          'observe',
          'delivery',
          'services',
        ],
        ...['cell', 'journal', 'core'],
      ],
    },
    'secrets.ts': {
      imports: ['key-file.ts', 'master-key-text.ts', 'states.ts', 'keys', 'services', 'core', 'api', 'base'],
    },
    // Where IAM, which keeps keys, and authentication, which asks for them, are put together.
    'people.ts': { imports: ['auth', 'keys', 'services', 'core', 'api', 'base'] },
    composition: {
      imports: [
        ...[
          'config',
          'declared-queues.ts',
          'people.ts',
          'secrets.ts',
          'states.ts',
          'system.ts',
          'tls-files.ts',
          'observe',
          'http',
          'auth',
          'keys',
        ],
        ...['protocol', 'delivery', 'services', 'cell', 'core', 'base'],
      ],
    },
    'server.ts': {
      imports: [
        'composition',
        ...[
          'running-server.ts',
          'declared-queues.ts',
          'open-journal.ts',
          'system.ts',
          'config',
          'tls-files.ts',
          'master-keys.ts',
          'observe',
          'http',
          'auth',
          'open-cell.ts',
          'delivery',
        ],
        ...['services', 'cell', 'engines', 'journal', 'core', 'api', 'base'],
      ],
    },
    // The commands that work on a directory without a server reach into its engine and its key file themselves, and every
    // failure that a person may meet is explained here, by its class.
    cli: {
      imports: [
        ...[
          'running-server.ts',
          'read-declared-queues.ts',
          'declared-queues.ts',
          'client-variables.ts',
          'open-journal.ts',
          'queues-in-events.ts',
          'system.ts',
          'config',
          'key-file.ts',
          'master-key-text.ts',
          'master-keys.ts',
          'tls-files.ts',
          'observe',
        ],
        ...['auth', 'cell', 'engines', 'journal', 'base'],
      ],
      packages: ['aws4fetch', 'commander', 'yaml'],
    },
    // The library is to the programs that embed a server what the command line is to a person.
    library: {
      imports: [
        ...['server.ts', 'running-server.ts', 'read-declared-queues.ts', 'client-variables.ts', 'config'],
        ...['observe', 'auth', 'services', 'core', 'api', 'base'],
      ],
    },
    'main.ts': { imports: ['cli', 'server.ts'] },
  },
  nodeNames: {
    'node:assert/strict': null,
    'node:buffer': null,
    'node:crypto': ['createHash', 'createHmac', 'hash', 'timingSafeEqual'],
  },
}

/** The web console runs in a browser: nothing of the server's, and no module of Node's. */
const consoleRules: ImportRules = {
  mains: ['src/main.ts'],
  layers: {
    text: { imports: [] },
    api: {
      imports: [],
      packages: ['@noble/hashes/hmac.js', '@noble/hashes/sha2.js', '@noble/hashes/utils.js'],
    },
    app: { imports: ['api', 'text'], packages: ['lit-html'] },
    // A section each; they don't import each other.
    queues: { imports: ['app', 'api', 'text'], packages: ['lit-html'] },
    'sections.ts': { imports: ['queues', 'app'] },
    'main.ts': { imports: ['sections.ts', 'app'] },
  },
  nodeNames: {},
}

test('the console follows its own map, and reaches for nothing outside of itself', () => {
  const root = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'console')
  const found = checkImports(readSources(root, ['src']), consoleRules)
  expect(found.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([])
})

test('every import follows the map, pure folders are pure, nothing goes in circles, nothing lies unused', () => {
  const found = checkImports(readTree(), rules).map(({ file, line, message }) => `${file}:${line} ${message}`)
  expect(found).toEqual([])
})

test('every layer of the map has its place in the tree', () => {
  const paths = [...readTree().keys()]
  const unused = Object.keys(rules.layers).filter(
    (layer) => !paths.some((path) => path.startsWith(`src/${layer}`)),
  )
  expect(unused).toEqual([])
})

/** All sources of the server and of the benchmarks, which use the server too. */
function readTree(): ReadonlyMap<string, string> {
  return readSources(dirname(dirname(fileURLToPath(import.meta.url))), ['src', 'test', '../bench/src'])
}

function readSources(root: string, folders: readonly string[]): ReadonlyMap<string, string> {
  const files = folders
    .map((folder) => join(root, folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
  const sources = files.filter((file) => file.endsWith('.ts'))
  return new Map(
    sources.map((file) => [relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8')]),
  )
}
