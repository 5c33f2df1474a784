import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { ConfigError, readConfig } from '../../src/cli/read-config.ts'
import { fuzz } from './fuzz.ts'
import { mutated } from './mutated-text.ts'

/** The config file, and variables: what can't be used is told, each with its place, and never fails otherwise. */

const directory = mkdtempSync(join(tmpdir(), 'millrace-fuzz-'))
afterAll(() => rmSync(directory, { recursive: true }))

const FILES = [
  'host: 127.0.0.1\nport: 4566\ndata-dir: data\nauth: on\nlog-level: info\nallow-origin: http://localhost:3000\n',
  'queues:\n  - name: orders\n    attributes: { VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: dead, maxReceiveCount: 3 } }\n    tags: { team: mill }\n  - dead\n',
  'tls-cert: c.pem\ntls-key: k.pem\ntls-client-ca: a.pem\nsmtp-url: smtp://a:b@c:25\nsmtp-from: "Mill <mill@example.org>"\nsms-headers: \'{"X-Key":"x"}\'\n',
  'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n',
  '{"port": 1, "queues": []}',
  '? [a]\n: !!binary AAAA\n--- \n...\n',
]
const VALUES = ['', '0', '4566', 'on', 'true', 'http://a', '/', 'x'.repeat(5_000), '127.0.0.1', '-1']
const NAMES = [
  'HOST',
  'PORT',
  'DATA_DIR',
  'AUTH',
  'TLS_CERT',
  'ALLOW_ORIGIN',
  'SMTP_URL',
  'SMS_HEADERS',
  'MASTER_KEY',
  'SEED',
]
const environments = fc.dictionary(
  fc.constantFrom(...NAMES).map((name) => `MILLRACE_${name}`),
  fc.oneof(fc.constantFrom(...VALUES), mutated(VALUES)),
  { maxKeys: 4 },
)

fuzz(
  'a config file is read, or what is wrong with it told',
  600,
  fc.tuple(mutated(FILES, 6), environments),
  ([text, environment]) => {
    const path = join(directory, 'millrace.yaml')
    writeFileSync(path, text)
    const began = performance.now()
    try {
      readConfig({ flags: { config: path }, environment, workingDirectory: directory })
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      expect(error.problems.length).toBeGreaterThan(0)
    }
    expect(performance.now() - began).toBeLessThan(2_000)
  },
)
