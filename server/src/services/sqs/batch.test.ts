import { expect, test } from 'vitest'
import { prepareEach } from './batch.ts'
import { missingParameter } from './errors.ts'

test('an entry that SQS refuses fails alone, in the older code', () => {
  const { accepted, prepared, failed } = prepareEach([{ Id: 'a' }, { Id: 'b' }], ({ Id }, position) => {
    if (Id === 'a') throw missingParameter('X')
    return `${Id}${position}`
  })
  expect(accepted).toEqual([{ Id: 'b' }])
  expect(prepared).toEqual(['b1'])
  expect(failed).toEqual([
    {
      Id: 'a',
      Code: 'MissingParameter',
      Message: 'The request must contain the parameter X.',
      SenderFault: true,
    },
  ])
})

test('a defect of ours is no failed entry', () => {
  const defect = new RangeError('ours')
  const prepare = () => {
    throw defect
  }
  expect(() => prepareEach([{ Id: 'a' }], prepare)).toThrow(defect)
})
