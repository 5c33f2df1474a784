// Builds the console into server/dist/console, from where the server serves it and npm packs it.
//
// There is no bundler: tsc makes a module of each module. A browser can't find packages by name, and an import map would
// have to be an inline script, which the console's Content-Security-Policy forbids. So the few files of packages that are
// used are copied beside ours, and their names in imports are replaced by where they lie.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = join(HERE, '../server/dist/console')
const { resolve } = createRequire(import.meta.url)

/** What imports name, and the files that come with it; all import each other by relative paths. */
const PACKAGES = [
  {
    folder: 'lit-html',
    directory: dirname(resolve('lit-html')).replace(/\/node$/, ''),
    files: ['lit-html.js', 'LICENSE'],
    modules: { 'lit-html': 'lit-html.js' },
  },
  {
    folder: 'noble-hashes',
    directory: dirname(resolve('@noble/hashes/sha2.js')),
    files: ['sha2.js', 'hmac.js', 'utils.js', '_md.js', '_u64.js', 'LICENSE'],
    modules: Object.fromEntries(
      ['sha2.js', 'hmac.js', 'utils.js'].map((file) => [`@noble/hashes/${file}`, file]),
    ),
  },
]

rmSync(OUT, { recursive: true, force: true })
const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc')
const { status } = spawnSync(process.execPath, [tsc, '-p', join(HERE, 'tsconfig.build.json')], {
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)

const places = new Map()
for (const { folder, directory, files, modules } of PACKAGES) {
  mkdirSync(join(OUT, 'packages', folder), { recursive: true })
  for (const file of files) {
    // A name that says what it is to whoever opens it in a browser.
    const name = file === 'LICENSE' ? 'LICENSE.txt' : file
    const content = readFileSync(join(directory, file), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
    writeFileSync(join(OUT, 'packages', folder, name), content)
  }
  for (const [name, file] of Object.entries(modules)) places.set(name, `packages/${folder}/${file}`)
}
cpSync(join(HERE, 'static'), OUT, { recursive: true })

for (const path of readdirSync(OUT, { recursive: true, encoding: 'utf8' })) {
  const name = path.split(sep).join('/')
  if (!name.endsWith('.js') || name.startsWith('packages/')) continue
  const file = join(OUT, path)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(\bfrom |^import )'([^'.][^']*)'/gm, at(name)))
}

/** Replaces a package's name in an import of the module `name`. */
function at(name) {
  return (_, before, specifier) => {
    const place = places.get(specifier)
    if (place === undefined)
      throw new Error(`${name} imports ${specifier}, which console/build.mjs doesn't know`)
    return `${before}'./${posix.relative(posix.dirname(name), place)}'`.replace("'./../", "'../")
  }
}
