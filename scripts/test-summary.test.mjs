import { expect, test } from 'vitest'
import { missingPackages } from './install.mjs'
import { summarize } from './test-summary.mjs'

const passedTest = { status: 'passed', fullName: 'holds' }
const failedTest = { status: 'failed', fullName: 'breaks' }
const skippedTest = { status: 'skipped', fullName: 'boto3 (needs python3 with boto3)' }

const stages = [
  { name: 'types', ok: true },
  { name: 'style', ok: true },
]

test('stages and tests are summed in a plain last line', () => {
  const report = {
    testResults: [{ name: 'a', status: 'passed', assertionResults: [passedTest, passedTest] }],
  }
  expect(summarize(stages, { exitCode: 0, report }).lines).toEqual(['4 passed, 0 failed'])
})

test('a failed stage counts as failed and is named', () => {
  const report = { testResults: [{ name: 'a', status: 'passed', assertionResults: [passedTest] }] }
  const { lines, failed } = summarize([{ name: 'style', ok: false }], { exitCode: 0, report })
  expect(lines).toEqual(['FAILED style', '1 passed, 1 failed'])
  expect(failed).toBe(1)
})

test('a failed test is named with its file, and its file is not counted again', () => {
  const report = {
    testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [failedTest, passedTest] }],
  }
  expect(summarize([], { exitCode: 1, report }).lines).toEqual([
    'FAILED a.test.ts: breaks',
    '1 passed, 1 failed',
  ])
})

test('a file that could not be loaded counts as one failure', () => {
  const report = {
    testResults: [{ name: 'a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }],
  }
  expect(summarize([], { exitCode: 1, report }).lines).toEqual([
    'FAILED a.test.ts: no such module',
    '0 passed, 1 failed',
  ])
})

test('skipped tests count as neither, and are said', () => {
  const report = {
    testResults: [{ name: 'a', status: 'passed', assertionResults: [skippedTest, passedTest] }],
  }
  expect(summarize([], { exitCode: 0, report }).lines).toEqual([
    '1 skipped (their names say what they need)',
    '1 passed, 0 failed',
  ])
})

test('a run that left no report has failed', () => {
  expect(summarize(stages, { exitCode: 137, report: null })).toMatchObject({ passed: 2, failed: 1 })
})

test('an error outside of any test has failed the run', () => {
  const report = { testResults: [{ name: 'a', status: 'passed', assertionResults: [passedTest] }] }
  expect(summarize([], { exitCode: 1, report }).failed).toBe(1)
})

test('an install is due when a package is missing or has another version, but not for another platform', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/pino': { version: '10.4.0', integrity: 'sha512-a' },
      'node_modules/yaml': { version: '2.9.1', integrity: 'sha512-b' },
      'node_modules/@esbuild/win32-x64': { version: '0.28.0', optional: true },
    },
  }
  const pino = { version: '10.4.0', integrity: 'sha512-a' }
  const yaml = { version: '2.9.1', integrity: 'sha512-b' }
  expect(
    missingPackages(lock, { packages: { 'node_modules/pino': pino, 'node_modules/yaml': yaml } }),
  ).toEqual([])
  expect(missingPackages(lock, { packages: { 'node_modules/yaml': yaml } })).toEqual(['node_modules/pino'])
  const older = { 'node_modules/pino': { ...pino, version: '10.3.0' }, 'node_modules/yaml': yaml }
  expect(missingPackages(lock, { packages: older })).toEqual(['node_modules/pino'])
})
