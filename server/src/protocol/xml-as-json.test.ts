import fc from 'fast-check'
import { expect, test } from 'vitest'
import { element, escapeXml } from './query-output.ts'
import { xmlAsJson } from './xml-as-json.ts'

test('one element of a name is a member, several are a list, an empty one is null', () => {
  const xml =
    '<?xml version="1.0"?><R xmlns="http://queue.amazonaws.com/doc/2012-11-05/">' +
    '<Message><Body>a</Body></Message><Message><Body>b</Body><Detail/></Message><Id>1</Id></R>'
  expect(xmlAsJson(xml)).toEqual({
    R: { Message: [{ Body: 'a' }, { Body: 'b', Detail: null }], Id: '1' },
  })
})

test('every text comes out as it was written', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '&', '<', '>', '"', "'", '\r', '\n', '/', ';', '&amp;', 'é', '😀'),
  })
  fc.assert(
    fc.property(
      fc.array(
        text.filter((each) => each !== ''),
        { minLength: 2 },
      ),
      (texts) => {
        const xml = element('R', texts.map((each) => element('T', escapeXml(each))).join(''))
        expect(xmlAsJson(xml)).toEqual({ R: { T: texts } })
      },
    ),
  )
})
