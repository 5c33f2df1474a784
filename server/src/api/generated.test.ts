import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../../scripts/generate-model-types.mjs', import.meta.url))
const models = fileURLToPath(new URL('../../../models', import.meta.url))

test('the generated files are what the models give now', () => {
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow()
})

test('types can be generated from every model', () => {
  const services = readdirSync(models)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
  const directory = mkdtempSync(join(tmpdir(), 'generated-'))
  try {
    execFileSync(process.execPath, [script, '--out', directory, ...services], { stdio: 'pipe' })
    expect(readdirSync(directory)).toHaveLength(services.length * 2)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
