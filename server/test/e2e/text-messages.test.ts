import {
  CheckIfPhoneNumberIsOptedOutCommand,
  CreateSMSSandboxPhoneNumberCommand,
  DeleteSMSSandboxPhoneNumberCommand,
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  ListOriginationNumbersCommand,
  OptedOutException,
  OptInPhoneNumberCommand,
  PublishCommand,
  paginateListPhoneNumbersOptedOut,
  paginateListSMSSandboxPhoneNumbers,
  SetSMSAttributesCommand,
  SNSClient,
  VerificationException,
  VerifySMSSandboxPhoneNumberCommand,
} from '@aws-sdk/client-sns'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import { TestTerminal } from '../../src/cli/test-terminal.ts'
import { answer, HttpPeer } from '../delivery/http-peer.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

const REGION = 'eu-west-1'

let server: ServerProcess
let gateway: HttpPeer
let sns: SNSClient
let numbers = 0

beforeAll(async () => {
  gateway = await HttpPeer.start(answer(200))
  server = await ServerProcess.create('--sms-url', gateway.url)
  await server.start()
  sns = clientOf(server)
})

afterAll(async () => {
  sns.destroy()
  await server.destroy()
  await gateway.stop()
})

function clientOf({ url }: ServerProcess): SNSClient {
  return new SNSClient({ endpoint: url, region: REGION, credentials: TEST_KEY, maxAttempts: 1 })
}

const newNumber = () => `+1555000${String(++numbers).padStart(4, '0')}`

/** What the gateway was told for a number, once it was. */
async function sentTo(phoneNumber: string): Promise<{ from: string; text: string }> {
  for (let count = 1; ; count++) {
    await gateway.received(count)
    const sent = JSON.parse(gateway.requests[count - 1]!.split('\r\n\r\n')[1]!)
    if (sent.to === phoneNumber) return sent
  }
}

const publish = (PhoneNumber: string, senderId?: string) =>
  sns.send(
    new PublishCommand({
      ...{ PhoneNumber, Message: `for ${PhoneNumber}` },
      ...(senderId !== undefined && {
        MessageAttributes: { 'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: senderId } },
      }),
    }),
  )

test('a text message goes to a phone number, from whom the message, the account or the server says', async () => {
  const [plain, own, ofAccount] = [newNumber(), newNumber(), newNumber()]
  expect((await publish(plain)).MessageId).toMatch(/^[0-9a-f-]{36}$/)
  expect(await sentTo(plain)).toMatchObject({ from: 'NOTICE', text: `for ${plain}` })
  await sns.send(new SetSMSAttributesCommand({ attributes: { DefaultSenderID: 'Account' } }))
  await publish(own, 'Message')
  await publish(ofAccount)
  expect(await sentTo(own)).toMatchObject({ from: 'Message' })
  expect(await sentTo(ofAccount)).toMatchObject({ from: 'Account' })
  const { attributes } = await sns.send(new GetSMSAttributesCommand({ attributes: ['DefaultSenderID'] }))
  expect(attributes).toEqual({ DefaultSenderID: 'Account' })
})

test('a text message that was answered goes out after a crash', async () => {
  const number = newNumber()
  const answered = publish(number)
  await answered
  await server.kill()
  await server.start()
  expect(await sentTo(number)).toMatchObject({ text: `for ${number}` })
})

async function optOut(...args: readonly string[]) {
  const terminal = new TestTerminal()
  const refuse = () => Promise.reject(new Error('no server was to be started here'))
  const environment = {
    ...{ AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId },
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
  }
  const exitCode = await runCommandLine({
    ...{ environment, terminal, workingDirectory: '/nonexistent', start: refuse, preview: refuse },
    args: ['opt-out', ...args, '--region', REGION],
  })
  return { exitCode, printed: terminal.printed, complained: terminal.complained }
}

test('an operator opts a number out, and a client opts it in again', async () => {
  const phoneNumber = newNumber()
  expect(await optOut(phoneNumber)).toMatchObject({ exitCode: 0 })
  const isOptedOut = async () =>
    (await sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }))).isOptedOut
  expect(await isOptedOut()).toBe(true)
  await expect(publish(phoneNumber)).rejects.toThrow(OptedOutException)
  await server.kill()
  await server.start()
  const listed: string[] = []
  for await (const page of paginateListPhoneNumbersOptedOut({ client: sns }, {})) {
    listed.push(...(page.phoneNumbers ?? []))
  }
  expect(listed).toEqual([phoneNumber])
  await sns.send(new OptInPhoneNumberCommand({ phoneNumber }))
  expect(await isOptedOut()).toBe(false)
  await publish(phoneNumber)
  await sentTo(phoneNumber)
})

test('opting out wants a phone number, a signature and POST', async () => {
  const refused = await optOut('12345')
  expect(refused.exitCode).toBe(1)
  expect(String(refused.complained)).toContain('input incorrectly formatted (InvalidParameter)')
  const url = `${server.url}/_millrace/sms/opt-out/+15559999999`
  expect((await fetch(url, { method: 'POST' })).status).toBe(403)
  const signer = new AwsClient({ ...TEST_KEY, service: 'millrace', region: REGION, retries: 0 })
  expect((await signer.fetch(url)).status).toBe(405)
  const notOnePlace = await signer.fetch(`${url}%zz`, { method: 'POST' })
  expect(notOnePlace.status).toBe(400)
  const { isOptedOut } = await sns.send(
    new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: '+15559999999' }),
  )
  expect(isOptedOut).toBe(false)
})

test('a sandbox number is verified by the code that its owner is sent', async () => {
  const PhoneNumber = newNumber()
  const { IsInSandbox } = await sns.send(new GetSMSSandboxAccountStatusCommand({}))
  expect(IsInSandbox).toBe(false)
  await sns.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber, LanguageCode: 'fr-FR' }))
  const OneTimePassword = /^Votre code de vérification est (\d{6})\.$/.exec(
    (await sentTo(PhoneNumber)).text,
  )![1]!
  const wrong = OneTimePassword === '000000' ? '000001' : '000000'
  const verify = (code: string) =>
    sns.send(new VerifySMSSandboxPhoneNumberCommand({ PhoneNumber, OneTimePassword: code }))
  await expect(verify(wrong)).rejects.toThrow(VerificationException)
  await verify(OneTimePassword)
  const listed: unknown[] = []
  for await (const page of paginateListSMSSandboxPhoneNumbers({ client: sns }, { MaxResults: 5 })) {
    listed.push(...(page.PhoneNumbers ?? []))
  }
  expect(listed).toEqual([{ PhoneNumber, Status: 'Verified' }])
  await expect(sns.send(new DeleteSMSSandboxPhoneNumberCommand({ PhoneNumber }))).rejects.toThrow('24 hours')
})

test('what the model does not allow is refused', async () => {
  const PhoneNumber = newNumber()
  const refusal = (sent: Promise<unknown>): Promise<unknown> =>
    sent.then(
      () => 'not refused',
      ({ name, message }: Error) => `${name}: ${message}`,
    )
  const failed = (value: string, at: string, constraint: string) =>
    `ValidationError: 1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: Member must ${constraint}`
  const LanguageCode = 'xx' as 'en-US'
  expect(
    await refusal(sns.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber, LanguageCode }))),
  ).toMatch(failed('xx', 'languageCode', 'satisfy enum value set: [en-US, en-GB, '))
  expect(await refusal(sns.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber: 'abc' })))).toBe(
    failed('abc', 'phoneNumber', 'satisfy regular expression pattern: ^(\\+[0-9]{8,}|[0-9]{0,9})$'),
  )
  const OneTimePassword = '1234'
  expect(
    await refusal(sns.send(new VerifySMSSandboxPhoneNumberCommand({ PhoneNumber, OneTimePassword }))),
  ).toBe(failed('1234', 'oneTimePassword', 'have length greater than or equal to 5'))
  expect(await refusal(sns.send(new ListOriginationNumbersCommand({ MaxResults: 31 })))).toBe(
    failed('31', 'maxResults', 'have value less than or equal to 30'),
  )
  expect(await refusal(sns.send(new SetSMSAttributesCommand({ attributes: {} })))).toMatch(
    /^ValidationError: .* at 'attributes' failed/,
  )
})

test('a server without a gateway says so', async () => {
  const without = await ServerProcess.create()
  await without.start()
  const client = clientOf(without)
  const PhoneNumber = newNumber()
  await expect(client.send(new PublishCommand({ PhoneNumber, Message: 'm' }))).rejects.toThrow(
    'Invalid parameter: PhoneNumber Reason: this server has no gateway for text messages',
  )
  await expect(client.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber }))).rejects.toMatchObject({
    name: 'UserErrorException',
  })
  client.destroy()
  await without.destroy()
})
