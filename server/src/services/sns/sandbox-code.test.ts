import { expect, test } from 'vitest'
import snsModel from '../../../../models/sns.json' with { type: 'json' }
import { SeededRandom } from '../../base/random.ts'
import { drawSandboxCode, sandboxText } from './sandbox-code.ts'

test('a code has six digits, however small its number', () => {
  const random = new SeededRandom(1)
  for (let i = 0; i < 2000; i++) expect(drawSandboxCode(random)).toMatch(/^\d{6}$/)
  const zeros = { bytes: (length: number) => new Uint8Array(length) }
  expect(drawSandboxCode(zeros)).toBe('000000')
})

test('a number from which codes would not be equally likely is drawn again', () => {
  const draws = [Uint8Array.of(0xff, 0xff, 0xff, 0xff), Uint8Array.of(0, 0, 0, 7)]
  expect(drawSandboxCode({ bytes: () => draws.shift()! })).toBe('000007')
})

test('every language that can be asked for has a text with the code in it', () => {
  const english = sandboxText('en-US', '123456')
  for (const language of snsModel.shapes.LanguageCodeString.enum) {
    const text = sandboxText(language, '123456')
    expect(text).toContain('123456')
    expect(text === english, language).toBe(language.startsWith('en-'))
  }
})
