import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { exportLines } from './client-environment.ts'

const access = { url: 'http://127.0.0.1:4566', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a/b+c' }

test('the lines for a POSIX shell need no quotes for the usual key', () => {
  expect(exportLines(access)).toBe(
    [
      'export AWS_ENDPOINT_URL=http://127.0.0.1:4566',
      'export AWS_ACCESS_KEY_ID=AKIAEXAMPLE',
      'export AWS_SECRET_ACCESS_KEY=a/b+c',
      'export AWS_REGION=us-east-1',
      'export AWS_DEFAULT_REGION=us-east-1',
    ].join('\n'),
  )
})

test('a POSIX shell gets any secret back as it was', () => {
  const secretAccessKey = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`
  const script = `${exportLines({ ...access, secretAccessKey })}\nprintf %s "$AWS_SECRET_ACCESS_KEY"`
  expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(secretAccessKey)
})

test('fish and PowerShell quote in their own way', () => {
  const secret = { ...access, secretAccessKey: "it's a \\" }
  expect(exportLines(secret, 'fish')).toContain("set -gx AWS_SECRET_ACCESS_KEY 'it\\'s a \\\\'")
  expect(exportLines(secret, 'powershell')).toContain("$env:AWS_SECRET_ACCESS_KEY = 'it''s a \\'")
})
