import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess } from '../server-process.ts'

/** Queues in the config file, by real processes and the real SDK. */
const BINARY = fileURLToPath(new URL('../../bin/millrace.js', import.meta.url))

const DECLARED = `
auth: off
queues:
  - name: orders
    attributes:
      VisibilityTimeout: 60
      RedrivePolicy: { deadLetterTargetArn: orders-dead, maxReceiveCount: 3 }
    tags: { team: mill }
  - name: orders-dead
  - name: orders
    region: eu-west-1
    account: '111111111111'
`

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-declared-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function config(content: string, name = 'millrace.yaml'): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

function clientOf(endpoint: string, region = 'us-east-1', accessKeyId = 'any'): SQSClient {
  return new SQSClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey: 'any' },
    maxAttempts: 1,
  })
}

function serve(...args: string[]): { exitCode: number | null; output: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, 'serve', ...args], {
    cwd: directory,
    encoding: 'utf8',
  })
  return { exitCode: status, output: stdout, errors: stderr }
}

/** Every file of a directory with its content, locks apart. */
async function filesOf(path: string): Promise<Record<string, string>> {
  const names = await readdir(path, { recursive: true, withFileTypes: true })
  const files = names.filter((each) => each.isFile() && !each.name.startsWith('lock.'))
  const contents = files.map(async (each) => {
    const file = join(each.parentPath, each.name)
    return [file, await readFile(file, 'latin1')] as const
  })
  return Object.fromEntries(await Promise.all(contents))
}

test('declared queues are there at the start, and what was changed by hand is set back at the next', async () => {
  const server = await ServerProcess.create('--config', await config(DECLARED))
  await server.start()
  const sqs = clientOf(server.url)
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}))
  expect(QueueUrls.map((url) => url.split('/').at(-1))).toEqual(['orders', 'orders-dead'])
  const [QueueUrl = ''] = QueueUrls
  const attributes = async () =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes
  expect(await attributes()).toMatchObject({
    VisibilityTimeout: '60',
    RedrivePolicy:
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:orders-dead","maxReceiveCount":3}',
  })
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: 'mill' })
  const elsewhere = clientOf(server.url, 'eu-west-1', '111111111111')
  expect((await elsewhere.send(new ListQueuesCommand({}))).QueueUrls).toEqual([
    `${server.url}/111111111111/orders`,
  ])

  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }))
  await sqs.send(new CreateQueueCommand({ QueueName: 'by-hand' }))
  const changed = { VisibilityTimeout: '5', DelaySeconds: '0' }
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: changed }))
  await server.kill()
  await server.start()
  expect(await attributes()).toMatchObject({ VisibilityTimeout: '60' })
  expect(server.errors).toContain('"attribute":"VisibilityTimeout","from":"5","to":"60"')
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(3)
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toMatchObject([{ Body: 'kept' }])
  await server.destroy()
})

test('a dry run says what a start would do and leaves every byte as it was', async () => {
  const path = await config(DECLARED)
  const data = join(directory, 'dry')
  const flags = ['--config', path, '--data-dir', data, '--dry-run']
  const first = serve(...flags)
  expect([first.exitCode, first.errors]).toEqual([0, ''])
  expect(first.output).toContain('create orders (eu-west-1, 111111111111)')
  expect(first.output).toContain('declared: 3; to create: 3, to change: 0, as declared: 0')
  await expect(readdir(data)).rejects.toThrow('ENOENT')

  const server = await ServerProcess.create('--config', path)
  await server.start()
  const sqs = clientOf(server.url)
  const Attributes = { VisibilityTimeout: '5' }
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: `${server.url}/000000000000/orders`, Attributes }))
  const busy = serve('--config', path, '--data-dir', server.dataDirectory, '--dry-run')
  expect([busy.exitCode, busy.output]).toEqual([4, ''])
  expect(busy.errors).toContain('in use')
  await server.kill()
  const before = await filesOf(server.dataDirectory)
  const again = serve('--config', path, '--data-dir', server.dataDirectory, '--dry-run')
  expect(again.errors).toBe('')
  expect(again.output).toBe(
    'change orders (us-east-1, 000000000000)\n  VisibilityTimeout: 5 → 60\n\n' +
      'declared: 3; to create: 0, to change: 1, as declared: 2\n',
  )
  expect(await filesOf(server.dataDirectory)).toEqual(before)
  await server.destroy()
})

test.each([
  ['an unknown key', '- name: a\n  tag: {}', 'queues[0].tag: unknown key (did you mean tags?)'],
  [
    'a value that SQS refuses',
    '- name: a\n- name: b\n  attributes: { DelaySeconds: 901 }',
    'queues[1].attributes.DelaySeconds: Invalid value for the parameter DelaySeconds.',
  ],
  [
    'a dead-letter queue that is nowhere',
    '- name: a\n  attributes: { RedrivePolicy: { deadLetterTargetArn: b, maxReceiveCount: 1 } }',
    'queues[0].attributes.RedrivePolicy: ',
  ],
])('%s stops the start with exit code 2 and its place', async (_, queues, problem) => {
  const path = await config(`queues:\n${queues.replace(/^/gm, '  ')}`, 'bad.yaml')
  const { exitCode, output, errors } = serve('--config', path, '--port', '0', '--data-dir', 'bad')
  expect([exitCode, output]).toEqual([2, ''])
  expect(errors).toContain(`bad.yaml: ${problem}`)
  expect(errors).not.toContain('    at ')
})
