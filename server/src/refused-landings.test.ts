import { expect, test } from 'vitest'
import { RefusedLandings } from './refused-landings.ts'

const queue = 'arn:aws:sqs:eu-west-1:000000000000:q'
const refusedFrom = (name: string) => ({
  queue,
  sender: {
    ...{ service: 'sns.amazonaws.com', sourceArn: `arn:aws:sns:eu-west-1:000000000000:${name}` },
    sourceAccount: '000000000000',
  },
})

test('a line says which queue refuses which topic, with the statement that is missing, every five minutes at most', () => {
  const lines: Record<string, unknown>[] = []
  let now = 0
  const refusals = new RefusedLandings({ warn: (fields) => lines.push(fields) }, { now: () => now })
  for (let i = 0; i < 1000; i++) refusals.note(refusedFrom('news'))
  refusals.note(refusedFrom('olds'))
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatchObject({ queue, source: 'arn:aws:sns:eu-west-1:000000000000:news' })
  expect(JSON.parse(String(lines[0]!.statement))).toEqual({
    ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' } },
    ...{ Action: 'sqs:SendMessage', Resource: queue },
    Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:000000000000:news' } },
  })
  now = 5 * 60_000 - 1
  refusals.note(refusedFrom('news'))
  expect(lines).toHaveLength(2)
  now++
  refusals.note(refusedFrom('news'))
  expect(lines[2]).toMatchObject({ refusedMeanwhile: 1000 })
})
