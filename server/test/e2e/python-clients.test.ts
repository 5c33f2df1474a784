import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { FROM_TOPICS } from '../sns/from-topics.ts'
import { debianPython } from './debian-python.ts'

const run = promisify(execFile)

/** True if the command runs; says in the test report why its tests are skipped otherwise. */
function present(command: string, ...args: string[]): boolean {
  const found = spawnSync(command, args).status === 0
  if (!found) console.warn(`skipped: \`${[command, ...args].join(' ')}\` does not run on this machine`)
  return found
}

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
})

afterAll(() => server.destroy())

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

const BOTO_SCRIPT = `
import boto3, botocore, json
sqs = boto3.client('sqs')
url = sqs.create_queue(QueueName='from-python', tags={'team': 'mill'})['QueueUrl']
sent = sqs.send_message(QueueUrl=url, MessageBody='from boto3', MessageAttributes={
    'b': {'DataType': 'Binary', 'BinaryValue': bytes([0, 255])},
    'n': {'DataType': 'Number', 'StringValue': '3'}})
message = sqs.receive_message(QueueUrl=url, MessageAttributeNames=['All'], AttributeNames=['All'], WaitTimeSeconds=1)['Messages'][0]
assert message['Body'] == 'from boto3' and message['MessageId'] == sent['MessageId']
assert message['MD5OfMessageAttributes'] == sent['MD5OfMessageAttributes']
assert message['MessageAttributes']['b']['BinaryValue'] == bytes([0, 255])
assert message['Attributes']['ApproximateReceiveCount'] == '1'
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message['ReceiptHandle'], VisibilityTimeout=10)
sqs.delete_message(QueueUrl=url, ReceiptHandle=message['ReceiptHandle'])
assert 'Messages' not in sqs.receive_message(QueueUrl=url)
assert sqs.list_queue_tags(QueueUrl=url)['Tags'] == {'team': 'mill'}
batch = sqs.send_message_batch(QueueUrl=url, Entries=[{'Id': str(i), 'MessageBody': 'x'} for i in range(10)])
assert len(batch['Successful']) == 10 and 'Failed' not in batch
try:
    sqs.get_queue_url(QueueName='no-such-queue')
    raise AssertionError('no error')
except sqs.exceptions.QueueDoesNotExist as error:
    assert error.response['Error']['Code'] == 'AWS.SimpleQueueService.NonExistentQueue', error.response
    assert error.response['Error']['QueryErrorCode'] == 'QueueDoesNotExist', error.response
fifo = sqs.create_queue(QueueName='from-python.fifo', Attributes={'FifoQueue': 'true'})['QueueUrl']
sent = [sqs.send_message(QueueUrl=fifo, MessageBody=str(i), MessageGroupId='g', MessageDeduplicationId=str(i)) for i in range(3)]
again = sqs.send_message(QueueUrl=fifo, MessageBody='0', MessageGroupId='g', MessageDeduplicationId='0')
assert again['SequenceNumber'] == sent[0]['SequenceNumber'] and again['MessageId'] == sent[0]['MessageId']
received = sqs.receive_message(QueueUrl=fifo, MaxNumberOfMessages=2, AttributeNames=['All'])['Messages']
assert [message['Body'] for message in received] == ['0', '1'], received
assert received[0]['Attributes']['MessageGroupId'] == 'g'
assert 'Messages' not in sqs.receive_message(QueueUrl=fifo)
try:
    sqs.send_message(QueueUrl=fifo, MessageBody='x', MessageGroupId='g')
    raise AssertionError('no error')
except sqs.exceptions.ClientError as error:
    assert error.response['Error']['Code'] == 'InvalidParameterValue', error.response
sqs.delete_queue(QueueUrl=fifo)
resource = boto3.resource('sqs').get_queue_by_name(QueueName='from-python')
assert resource.attributes['ApproximateNumberOfMessages'] == '10', resource.attributes
resource.delete()
sns = boto3.client('sns')
topic = sns.create_topic(Name='from-python', Tags=[{'Key': 'team', 'Value': 'mill'}])['TopicArn']
from_topics = {'Effect': 'Allow', 'Principal': {'Service': 'sns.amazonaws.com'}, 'Action': 'sqs:SendMessage', 'Resource': '*',
    'Condition': {'ArnEquals': {'aws:SourceArn': topic}}}
readers = boto3.resource('sqs').create_queue(QueueName='readers', Attributes={'Policy': json.dumps({'Statement': [from_topics]})})
subscription = sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint=readers.attributes['QueueArn'],
    Attributes={'RawMessageDelivery': 'true', 'FilterPolicy': '{"kind": ["news"]}'})['SubscriptionArn']
kind = lambda text: {'kind': {'DataType': 'String', 'StringValue': text}}
sns.publish(TopicArn=topic, Message='other', MessageAttributes=kind('gossip'))
batch = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[
    {'Id': 'a', 'Message': 'published', 'MessageAttributes': kind('news')}])
assert len(batch['Successful']) == 1 and not batch.get('Failed'), batch
received = readers.receive_messages(MessageAttributeNames=['All'], MaxNumberOfMessages=10)
assert [message.body for message in received] == ['published'], received
assert received[0].message_attributes['kind']['StringValue'] == 'news'
assert sns.get_subscription_attributes(SubscriptionArn=subscription)['Attributes']['RawMessageDelivery'] == 'true'
sns.unsubscribe(SubscriptionArn=subscription)
try:
    sns.publish(TopicArn=topic + 'x', Message='m')
    raise AssertionError('no error')
except sns.exceptions.NotFoundException as error:
    assert error.response['Error']['Message'] == 'Topic does not exist', error.response
sns.delete_topic(TopicArn=topic)
readers.delete()
print('ok', boto3.__version__)
`

const hasBoto = present('python3', '-c', 'import boto3')

test.skipIf(!hasBoto)('boto3 works unchanged', async () => {
  const { stdout } = await run('python3', ['-c', BOTO_SCRIPT], { env: environment(), timeout: 60_000 })
  expect(stdout).toMatch(/^ok /)
})

const SHARDS = fileURLToPath(new URL('python/boto3_shards.py', import.meta.url))

test.skipIf(!hasBoto)('whatever is done to streams and shards works through boto3', async () => {
  const { stdout } = await run('python3', ['-B', SHARDS], { env: environment(), timeout: 90_000 })
  expect(stdout.trim()).toBe('ok')
})

const PEOPLE = fileURLToPath(new URL('python/boto3_people.py', import.meta.url))

test.skipIf(!hasBoto)('users, roles and sessions work through boto3', async () => {
  const { stdout } = await run('python3', ['-B', PEOPLE, 'test'], { env: environment(), timeout: 90_000 })
  expect(stdout.trim()).toBe('ok')
})

const FEATURES = fileURLToPath(new URL('python/boto3_features.py', import.meta.url))

/** Which protocol it spoke. */
async function useFeatures(python: string): Promise<string> {
  const { stdout } = await run(python, ['-B', FEATURES, 'test'], { env: environment(), timeout: 90_000 })
  return stdout.trim()
}

test.skipIf(!hasBoto)('FIFO queues, move tasks and permissions work through boto3', async () => {
  expect(await useFeatures('python3')).toMatch(/^ok /)
})

const debian = await debianPython(['boto3'], ['python3-boto3'])

test.skipIf(debian.python === null)(
  "FIFO queues, move tasks and permissions work through Debian's boto3, of the generation that speaks Query (needs python3-boto3)",
  async () => {
    // A Debian newer than 12 has a boto3 of the other generation.
    expect(await useFeatures(debian.python!)).toMatch(/^ok (?:query|json)$/)
  },
)

test.skipIf(!present('aws', '--version'))('the AWS CLI works unchanged', { timeout: 180_000 }, async () => {
  const aws = async (...args: string[]) => call('sqs', ...args)
  const sns = async (...args: string[]) => call('sns', ...args)
  const call = async (...args: string[]) => {
    const options = { env: environment(), timeout: 60_000 }
    // Version 1 of the CLI overrules AWS_ENDPOINT_URL for SQS alone; the flag works with both.
    const endpoint = ['--endpoint-url', server.url, '--output', 'json']
    const { stdout } = await run('aws', [...args, ...endpoint], options)
    return stdout === '' ? {} : JSON.parse(stdout)
  }
  const { QueueUrl } = await aws('create-queue', '--queue-name', 'from-cli')
  await aws('send-message', '--queue-url', QueueUrl, '--message-body', 'from the command line')
  const { Messages } = await aws('receive-message', '--queue-url', QueueUrl, '--wait-time-seconds', '1')
  expect(Messages).toMatchObject([{ Body: 'from the command line' }])
  await aws('delete-message', '--queue-url', QueueUrl, '--receipt-handle', Messages[0].ReceiptHandle)
  expect(await aws('list-queues', '--queue-name-prefix', 'from-cli')).toEqual({ QueueUrls: [QueueUrl] })
  const fifo = ['--attributes', 'FifoQueue=true,ContentBasedDeduplication=true']
  const ordered = (await aws('create-queue', '--queue-name', 'cli.fifo', ...fifo)).QueueUrl
  const group = ['--message-group-id', 'g']
  const sent = await aws('send-message', '--queue-url', ordered, '--message-body', 'once', ...group)
  expect(await aws('send-message', '--queue-url', ordered, '--message-body', 'once', ...group)).toEqual(sent)
  await expect(aws('get-queue-url', '--queue-name', 'missing')).rejects.toThrow(
    /AWS.SimpleQueueService.NonExistentQueue/,
  )
  const { TopicArn } = await sns('create-topic', '--name', 'news')
  const { Attributes } = await aws(
    'get-queue-attributes',
    '--queue-url',
    QueueUrl,
    '--attribute-names',
    'QueueArn',
  )
  const endpoint = ['--protocol', 'sqs', '--notification-endpoint', Attributes.QueueArn]
  const attributes = ['--attributes', JSON.stringify({ Policy: FROM_TOPICS })]
  await aws('set-queue-attributes', '--queue-url', QueueUrl, ...attributes)
  await sns('subscribe', '--topic-arn', TopicArn, ...endpoint, '--attributes', 'RawMessageDelivery=true')
  await sns('publish', '--topic-arn', TopicArn, '--message', 'the mill is open')
  const news = await aws('receive-message', '--queue-url', QueueUrl)
  expect(news.Messages).toMatchObject([{ Body: 'the mill is open' }])
  expect(await sns('list-topics')).toEqual({ Topics: [{ TopicArn }] })
  await expect(sns('publish', '--topic-arn', `${TopicArn}x`, '--message', 'm')).rejects.toThrow(/NotFound/)
  const { User } = await call('iam', 'create-user', '--user-name', 'from-cli')
  expect((await call('iam', 'list-users')).Users).toContainEqual(User)
  await expect(call('iam', 'get-user', '--user-name', 'nobody')).rejects.toThrow(/NoSuchEntity/)
  expect(await call('sts', 'get-caller-identity')).toMatchObject({ Arn: 'arn:aws:iam::000000000000:root' })
})
