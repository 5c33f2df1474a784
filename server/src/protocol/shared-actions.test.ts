import { expect, test } from 'vitest'
import { compileModel } from '../api/compile-model.ts'
import { snsModel } from '../api/generated/sns-model.ts'
import { sqsModel } from '../api/generated/sqs-model.ts'
import type { ModelFile } from '../api/model-file.ts'
import { operation, type Service } from '../api/operation.ts'
import { createDispatcher } from './dispatch.ts'

const serviceOf = (name: string, model: ModelFile): Service => ({
  name,
  model: compileModel(name, model),
  operations: new Map(
    ['AddPermission', 'RemovePermission'].map((each) => [each, operation(each, async () => ({}))]),
  ),
  refuseInput: () => new Error('refused'),
  access: { AddPermission: () => [], RemovePermission: () => [] },
  refuseAccess: () => new Error('never'),
})
const dispatcher = createDispatcher([serviceOf('sqs', sqsModel), serviceOf('sns', snsModel)], () => {})

function chosen(form: Record<string, string>, path = '/'): string {
  const headers = new Map([['content-type', 'application/x-www-form-urlencoded']])
  const body = Buffer.from(new URLSearchParams(form).toString())
  const call = dispatcher.recognise({ method: 'POST', path, query: '', headers, body })
  return call.kind === 'call' ? call.service.name : call.kind
}

test('an action of several services belongs to the one whose resource the request names', () => {
  const form = { Action: 'RemovePermission', Label: 'l' }
  expect(chosen({ ...form, TopicArn: 'arn:aws:sns:r:a:t' })).toBe('sns')
  expect(chosen({ ...form, QueueUrl: 'q' })).toBe('sqs')
  expect(chosen(form, '/000000000000/q')).toBe('sqs')
  expect(chosen({ ...form, QueueUrl: 'q', Version: '2010-03-31' })).toBe('sns')
  expect(chosen(form)).toBe('unrecognised')
  const grants = { Label: 'l', 'AWSAccountId.1': '111111111111', 'ActionName.1': 'SendMessage' }
  expect(chosen({ Action: 'AddPermission', ...grants }, '/000000000000/q')).toBe('sqs')
})
