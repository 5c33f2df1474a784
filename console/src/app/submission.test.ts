import { expect, test } from 'vitest'
import { Submission } from './submission.ts'

function setUp() {
  const drawn: string[] = []
  const submission: Submission = new Submission(() =>
    drawn.push(`${submission.isBusy ? 'busy' : 'idle'} ${String(submission.failure)}`),
  )
  return { submission, drawn }
}

test('what is under way is not begun again', async () => {
  const { submission, drawn } = setUp()
  let begun = 0
  let finish: () => void = () => {}
  const task = () =>
    new Promise<void>((resolve) => {
      begun++
      finish = resolve
    })
  const first = submission.run(task)
  await submission.run(task)
  expect([begun, submission.isBusy]).toEqual([1, true])
  finish()
  await first
  expect(drawn).toEqual(['busy null', 'idle null'])
})

test('why it was not done is known until it is tried again, or forgotten', async () => {
  const { submission, drawn } = setUp()
  await submission.run(async () => {
    throw new Error('refused')
  })
  expect(String(submission.failure)).toBe('Error: refused')
  await submission.run(async () => {})
  expect(submission.failure).toBeNull()
  await submission.run(() => Promise.reject(new Error('again')))
  submission.forget()
  expect([submission.failure, submission.isBusy]).toEqual([null, false])
  expect(drawn.slice(0, 4)).toEqual(['busy null', 'idle Error: refused', 'busy null', 'idle null'])
})
