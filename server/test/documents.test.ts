import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EXIT } from '../src/cli/exit-codes.ts'
import { SETTINGS } from '../src/config/config.ts'
import { variableOf } from '../src/config/setting.ts'
import { ROOT, readDocument as read, rowsOf, section } from './document-tables.ts'

test('docs/dependencies.md lists the packages of the server, the console and the workspace, and no others', () => {
  const listed = (heading: string) =>
    rowsOf(section(read('docs/dependencies.md'), heading))
      .slice(2)
      .map(([name]) => name)
  const { dependencies }: { dependencies: object } = JSON.parse(read('server/package.json'))
  const consolePackage: { dependencies: object } = JSON.parse(read('console/package.json'))
  const { devDependencies }: { devDependencies: object } = JSON.parse(read('package.json'))
  expect(listed('The server')).toEqual(Object.keys(dependencies).sort())
  expect(listed('The web console')).toEqual(Object.keys(consolePackage.dependencies).sort())
  expect(listed('For development and tests')).toEqual(Object.keys(devDependencies).sort())
})

test('the README has a row for every setting, with its variable and its default', () => {
  const rows = rowsOf(section(read('README.md'), 'Settings')).slice(2)
  const settings = Object.values(SETTINGS)
  const expected = settings.map((setting) => [
    `--${setting.name}`,
    setting.flagOnly ? '' : variableOf(setting),
    typeof setting.default === 'boolean' ? (setting.default ? 'on' : 'off') : String(setting.default),
  ])
  expect(rows.map(([flag, ...cells]) => [flag?.split(' ')[0], ...cells.slice(0, 2)])).toEqual(expected)
})

test('the guide for operators has a row for every exit code', () => {
  const codes = rowsOf(section(read('docs/guides/operate.md'), 'Exit codes'))
    .slice(2)
    .map(([code]) => code)
  expect(codes.filter((code) => !code?.includes(','))).toEqual(Object.values(EXIT).map(String))
})

const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(new URL('docs/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

test.each(DOCUMENTS)('links in %s lead to files and headings that are there', (document) => {
  const dead = [...withoutCode(read(document)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^(https?|mailto):/.test(target))
    .filter((target) => !leadsSomewhere(new URL(target, new URL(document, ROOT))))
  expect(dead).toEqual([])
})

function leadsSomewhere(target: URL): boolean {
  const { hash } = target
  target.hash = ''
  if (!existsSync(target)) return false
  return hash === '' || anchorsIn(read(target.href.slice(ROOT.href.length))).has(hash)
}

/** What the headings of a document are linked by: small letters, digits, underscores and hyphens, and a hyphen for each space. */
function anchorsIn(text: string): ReadonlySet<string> {
  const headings = [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!)
  return new Set(
    headings.map(
      (heading) =>
        `#${heading
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-')}`,
    ),
  )
}

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, '')
}

test('decisions are numbered without a gap, and say context, decision and cost', () => {
  const names = readdirSync(new URL('docs/decisions/', ROOT)).sort()
  names.forEach((name, i) => {
    expect(name).toMatch(new RegExp(`^${String(i + 1).padStart(4, '0')}-[a-z-]+\\.md$`))
    const headings = [...read(`docs/decisions/${name}`).matchAll(/^## (.*)$/gm)].map((match) => match[1])
    expect(headings).toEqual(['Context', 'Decision', 'Cost'])
  })
})
