/**
 * The ceiling: what a bare `node:http` server reaches that does for each request what no SQS-compatible server can
 * leave out, and nothing else. It reads the body, parses the JSON, hashes the body, hashes two small strings and makes
 * one HMAC (a signature with a cached signing key), makes an MD5 of each message, and answers from memory. It stores
 * nothing and checks nothing.
 *
 * Takes the port as its only argument.
 */
import { createHmac, hash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

interface Input {
  readonly MessageBody?: string
  readonly Entries?: readonly { readonly MessageBody: string }[]
}

const port = Number(process.argv[2])
const signingKey = Buffer.alloc(32, 7)
/** About what a canonical request and a string to sign hold. */
const CANONICAL_REQUEST = 'x'.repeat(600)
const STRING_TO_SIGN = 'y'.repeat(140)

const sendAnswer = answerOf(sent())
const batchAnswer = answerOf({
  Successful: Array.from({ length: 10 }, (_, i) => ({ Id: `entry-${i}`, ...sent() })),
})
const createAnswer = answerOf({ QueueUrl: `http://127.0.0.1:${port}/000000000000/bench` })

const putAnswer = answerOf({
  FailedRecordCount: 0,
  Records: Array.from({ length: 100 }, () => ({
    SequenceNumber: '49671234567890123456789012345678901234567890123456789012',
    ShardId: 'shardId-000000000000',
  })),
})
const readyAnswer = answerOf({})

let messages = 0

// Connections stay while others are measured.
const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    write(response, request.method === 'GET' ? readyAnswer : answerTo(request, body))
  })
})
server.listen(port, '127.0.0.1')
process.once('SIGTERM', () => process.exit())

function answerTo(request: IncomingMessage, body: Buffer): Buffer {
  const input: Input = JSON.parse(body.toString())
  hash('sha256', body)
  hash('sha256', CANONICAL_REQUEST)
  hash('sha256', STRING_TO_SIGN)
  createHmac('sha256', signingKey).update(STRING_TO_SIGN).digest('hex')
  switch (request.headers['x-amz-target']) {
    case 'AmazonSQS.SendMessage':
      digestMessage(input.MessageBody)
      return sendAnswer
    case 'AmazonSQS.SendMessageBatch':
      for (const entry of input.Entries ?? []) digestMessage(entry.MessageBody)
      return batchAnswer
    case 'Kinesis_20131202.PutRecords':
      return putAnswer
    case 'AmazonSQS.CreateQueue':
      return createAnswer
    default:
      return queueAttributes()
  }
}

function digestMessage(body: string | undefined): void {
  hash('md5', body ?? '')
  messages++
}

/** The count alone, so that the loader can check that no request got lost. */
function queueAttributes(): Buffer {
  return answerOf({
    Attributes: {
      ApproximateNumberOfMessages: String(messages),
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    },
  })
}

function sent(): object {
  return {
    MessageId: '5fea7756-0ea4-451a-a703-a558b933e274',
    MD5OfMessageBody: 'fafb00f5732ab283681e124bf8747ed1',
  }
}

function answerOf(output: object): Buffer {
  return Buffer.from(JSON.stringify(output))
}

function write(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': body.length,
    'x-amzn-RequestId': '8f0c1d2e-6b7a-4c3d-9e5f-0a1b2c3d4e5f',
  })
  response.end(body)
}
