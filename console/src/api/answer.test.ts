import { expect, test } from 'vitest'
import { Answer } from './answer.ts'

test('what is there is read by name', () => {
  const answer = new Answer(
    JSON.parse(
      '{"text":"a","number":7,"digits":"7","true":true,"flag":"true","list":[{"a":"b"}],"texts":["x"],"part":{"c":"d"},"__proto__":"own"}',
    ),
  )
  expect([answer.text('text'), answer.text('__proto__')]).toEqual(['a', 'own'])
  expect([answer.number('number'), answer.number('digits')]).toEqual([7, 7])
  expect([answer.flag('true'), answer.flag('flag'), answer.flag('text')]).toEqual([true, true, false])
  expect(answer.parts('list').map((each) => each.text('a'))).toEqual(['b'])
  expect(answer.texts('texts')).toEqual(['x'])
  expect(answer.part('part').text('c')).toBe('d')
  expect(answer.entries()).toContainEqual(['__proto__', 'own'])
})

test('what is missing, or of another type, is empty', () => {
  for (const content of [null, undefined, 7, 'text', [], {}, { a: null }, { a: {} }, { a: [] }]) {
    const answer = new Answer(content)
    expect([answer.text('a'), answer.number('a'), answer.flag('a')]).toEqual(['', null, false])
    expect([answer.parts('a'), answer.texts('a'), answer.part('a').entries()]).toEqual([[], [], []])
    expect(answer.text('constructor')).toBe('')
  }
  expect(new Answer({ a: '' }).number('a')).toBeNull()
  expect(new Answer({ a: 'x', b: Number.NaN }).number('a')).toBeNull()
  expect(new Answer({ a: [7, 'x', null] }).texts('a')).toEqual(['x'])
})
