import { expect, test } from 'vitest'
import { Answer } from './answer.ts'
import { formatMessage, shownMessage } from './shown-message.ts'

const message = (attributes: Record<string, string>, Body = 'two millstones') =>
  shownMessage(
    new Answer({
      MessageId: 'm-1',
      Body,
      Attributes: { SentTimestamp: '1700000000000', ApproximateReceiveCount: '2', ...attributes },
    }),
  )

test('a message in flight is shown with its deadline, one with a group with its group', () => {
  const shown = message({
    IsVisible: 'false',
    IsDelayed: 'false',
    VisibleTimestamp: '1700000030000',
    MessageGroupId: 'g',
  })
  expect(formatMessage(shown, false)).toBe(
    'm-1  in flight until 2023-11-14T22:13:50.000Z, sent 2023-11-14T22:13:20.000Z, received 2 times, group g\n  two millstones',
  )
})

test('a delayed message is delayed, whatever else is said of it', () => {
  const shown = message({ IsVisible: 'true', IsDelayed: 'true', VisibleTimestamp: '1700000030000' })
  expect(shown).toMatchObject({ state: 'delayed', visibleAt: '2023-11-14T22:13:50.000Z', groupId: null })
})

test('a visible message has no deadline', () => {
  expect(message({ IsVisible: 'true', IsDelayed: 'false' })).toMatchObject({
    state: 'visible',
    visibleAt: null,
  })
})

test('a long body is shortened to one line, unless all of it is wanted', () => {
  const shown = message({}, `first\n  second ${'x'.repeat(300)}`)
  const [, short = ''] = formatMessage(shown, false).split('\n')
  expect(short).toMatch(/^ {2}first second x+… \(\d+ more\)$/)
  expect(formatMessage(shown, true)).toContain(`first\n  second ${'x'.repeat(300)}`)
})

test('no body commands the terminal', () => {
  for (const isFull of [false, true]) {
    const text = formatMessage(message({}, 'a\u009b31mb\rc\u007f'), isFull)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect(text).toContain('\\u009b31m')
  }
})

test('an answer that lacks everything is still shown', () => {
  expect(() => formatMessage(shownMessage(new Answer({})), false)).not.toThrow()
  expect(() => formatMessage(shownMessage(new Answer('nonsense')), true)).not.toThrow()
})
