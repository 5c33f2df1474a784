import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import type { HttpFigures } from './http-figures.ts'
import type { Credentials } from './load/sigv4.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { CREDENTIALS, millraceCommand, REGION } from './targets.ts'
import { measureInTurns } from './turns-process.ts'

const USER = 'sender'

/** What the load needs, in two statements. */
const POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: `arn:aws:sqs:${REGION}:*:bench` },
    { Effect: 'Allow', Action: ['sqs:CreateQueue', 'sqs:Get*'], Resource: '*' },
  ],
}

/** What it costs to hold requests against policies: what the root user sends, who needs none, is the ceiling. */
export async function measureAuthorization(
  options: Options,
  pinning: Pinning | undefined,
): Promise<HttpFigures> {
  const work = { kind: 'send', batch: 10 } as const
  const { rates, loaderCpu } = await measureInTurns(
    [
      { command: millraceCommand, work },
      { command: millraceCommand, work, credentialsOn: createUser },
    ],
    options,
    pinning,
  )
  const [root, user] = rates
  const name = 'SendMessageBatch of 10, by a user with two statements (ceiling: by the root user)'
  const budget = { kind: 'of ceiling', atLeast: 0.95 } as const
  return {
    figures: [{ name, unit: 'messages/s', millrace: user!, ceiling: root!, budget }],
    loaderCpu,
  }
}

async function createUser(port: number): Promise<Credentials> {
  const iam = new IAMClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    credentials: CREDENTIALS,
  })
  try {
    await iam.send(new CreateUserCommand({ UserName: USER }))
    const PolicyDocument = JSON.stringify(POLICY)
    await iam.send(new PutUserPolicyCommand({ UserName: USER, PolicyName: 'send', PolicyDocument }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: USER }))
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  } finally {
    iam.destroy()
  }
}
