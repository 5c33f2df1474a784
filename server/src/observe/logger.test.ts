import { expect, test } from 'vitest'
import { createLoggerTo, type LogLevel } from './logger.ts'

function recordingLogger(level: LogLevel) {
  const lines: string[] = []
  return { logger: createLoggerTo({ write: (line: string) => lines.push(line) }, level), lines }
}

const parse = (line: string | undefined): unknown => JSON.parse(line ?? 'null')

test('a line is one JSON object with the level as a word, the time in UTC, the fields and the message', () => {
  const { logger, lines } = recordingLogger('info')
  logger.child({ requestId: 'r-1' }).info({ queue: 'orders' }, 'queue created')
  expect(lines).toHaveLength(1)
  expect(parse(lines[0])).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    requestId: 'r-1',
    queue: 'orders',
    msg: 'queue created',
  })
  expect(lines[0]).toMatch(/^[^\n]*\n$/)
})

test('an error is written with what caused it', () => {
  const { logger, lines } = recordingLogger('error')
  logger.error({ error: new Error('journal is closed', { cause: new Error('EIO: i/o error') }) }, 'stopped')
  expect(parse(lines[0])).toMatchObject({
    error: { message: 'journal is closed', cause: { message: 'EIO: i/o error' } },
  })
})

test('lines below the level are not written', () => {
  const { logger, lines } = recordingLogger('warn')
  logger.info({}, 'not this')
  logger.warn({}, 'but this')
  expect(lines).toHaveLength(1)
  expect(logger.isLevelEnabled('info')).toBe(false)
})

test('the silent level writes nothing at all', () => {
  const { logger, lines } = recordingLogger('silent')
  logger.error({}, 'not even this')
  expect(lines).toEqual([])
})
