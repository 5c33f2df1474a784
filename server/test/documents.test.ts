import { readdirSync } from 'node:fs'
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

test('decisions are numbered without a gap, and say context, decision and cost', () => {
  const names = readdirSync(new URL('docs/decisions/', ROOT)).sort()
  names.forEach((name, i) => {
    expect(name).toMatch(new RegExp(`^${String(i + 1).padStart(4, '0')}-[a-z-]+\\.md$`))
    const headings = [...read(`docs/decisions/${name}`).matchAll(/^## (.*)$/gm)].map((match) => match[1])
    expect(headings).toEqual(['Context', 'Decision', 'Cost'])
  })
})
