import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as api from '../src/api/limits.ts'
import * as auth from '../src/auth/limits.ts'
import * as delivery from '../src/delivery/limits.ts'
import { DEFAULT_HTTP_LIMITS } from '../src/http/limits.ts'
import * as policy from '../src/policy/limits.ts'
import * as protocol from '../src/protocol/limits.ts'
import * as filter from '../src/services/sns/filter/limits.ts'
import { ROOT, readDocument, rowsOf, section } from './document-tables.ts'

/** What docs/security.md says of the code is so. */
const document = readDocument('docs/security.md')

const LIMITS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'server/src/api/limits.ts': api,
  'server/src/auth/limits.ts': auth,
  'server/src/delivery/limits.ts': delivery,
  'server/src/http/limits.ts': { ...DEFAULT_HTTP_LIMITS },
  'server/src/policy/limits.ts': policy,
  'server/src/protocol/limits.ts': protocol,
  'server/src/services/sns/filter/limits.ts': filter,
}

test('the limits are those of the code', () => {
  const rows = rowsOf(section(document, 'Limits', '###')).slice(2)
  expect(rows.length).toBeGreaterThan(20)
  for (const [of, limit, name = '', place = ''] of rows) {
    const value = LIMITS[place]?.[name]
    expect(`${limit}`.replaceAll(',', ''), `${of}: ${name}`).toBe(String(value))
  }
})

test('what clients bring back has the tests that are named', () => {
  const rows = rowsOf(section(document, 'What clients bring back', '###')).slice(2)
  expect(rows.length).toBeGreaterThan(8)
  for (const [what, , , tests = ''] of rows) {
    for (const path of tests.split(', '))
      expect(existsSync(new URL(path, ROOT)), `${what}: ${path}`).toBe(true)
  }
})
