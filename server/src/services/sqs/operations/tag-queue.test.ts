import { expect, test } from 'vitest'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { tagQueue } from './tag-queue.ts'

test('the tags go to the cell, and nothing comes back', async () => {
  const Tags = { [`k${'x'.repeat(127)}`]: 'v'.repeat(256), empty: '' }
  const { output, commands } = await runOperation(tagQueue, { QueueUrl, Tags }, { replies: [null] })
  expect(commands).toEqual([{ service: 'sqs', kind: 'tagQueue', queue: TEST_QUEUE, tags: Tags }])
  expect(output).toEqual({})
})

test.each([
  [{}, 'The request must contain the parameter Tags.'],
  [{ '': 'v' }, 'Tag keys must be between 1 and 128 characters in length.'],
  [{ ['k'.repeat(129)]: 'v' }, 'Tag keys must be between 1 and 128 characters in length.'],
  [{ k: 'v'.repeat(257) }, 'Tag values must be between 0 and 256 characters in length.'],
  [{ 'aws:k': 'v' }, "Tag keys can't begin with 'aws:': the prefix is reserved."],
  [
    Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])),
    'Too many tags added for queue orders.',
  ],
])('%.60j is refused', async (Tags, message) => {
  expect((await refusalOf(tagQueue, { QueueUrl, Tags })).message).toBe(message)
})
