import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { errorOf } from './error-of.ts'

const OTHER_KEY = {
  accessKeyId: 'AKIAOTHEROTHEROTHERX',
  secretAccessKey: 'another-secret-that-only-tests-know-of-01',
}

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

test.each(['on', 'off'])(
  'users and their KMS keys outlive a change of the root key and kills, with encryption %s; sessions do not',
  { timeout: 120_000 },
  async (encryption) => {
    const server = await ServerProcess.create('--encryption', encryption)
    try {
      await server.start()
      const optionsOf = (credentials: Credentials) => ({
        ...{ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 },
      })
      const iam = new IAMClient(optionsOf(TEST_KEY))
      const UserName = 'miller'
      await iam.send(new CreateUserCommand({ UserName }))
      const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
      const user = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
      const kms = new KMSClient(optionsOf(user))
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
      const Plaintext = Buffer.from('a secret')
      const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: KeyMetadata!.KeyId, Plaintext }))
      const sts = new STSClient(optionsOf(user))
      const { Credentials: session } = await sts.send(new GetSessionTokenCommand({}))

      for (const rootKey of [OTHER_KEY, TEST_KEY]) {
        await server.kill()
        // With encryption off, the file of the root key is all that is lost with it.
        await rm(join(server.dataDirectory, 'root-key.json'))
        server.rootKey = rootKey
        await server.start()
        const opened = await kms.send(new DecryptCommand({ CiphertextBlob }))
        expect(Buffer.from(opened.Plaintext!).toString()).toBe('a secret')
        expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toMatch(/user\/miller$/)
        const root = new STSClient(optionsOf(rootKey))
        expect((await root.send(new GetCallerIdentityCommand({}))).Arn).toMatch(/:root$/)
        if (rootKey === OTHER_KEY) {
          const ended = new STSClient(
            optionsOf({
              ...{ accessKeyId: session!.AccessKeyId!, secretAccessKey: session!.SecretAccessKey! },
              sessionToken: session!.SessionToken!,
            }),
          )
          expect((await errorOf(ended.send(new GetCallerIdentityCommand({})))).status).toBe(403)
          const former = new STSClient(optionsOf(TEST_KEY))
          expect((await errorOf(former.send(new GetCallerIdentityCommand({})))).status).toBe(403)
        }
      }
      const names = await readdir(server.dataDirectory)
      expect(names.includes('secrets.key')).toBe(encryption === 'off')
      if (encryption === 'off') {
        await server.kill()
        await rm(join(server.dataDirectory, 'secrets.key'))
        await expect(server.start()).rejects.toThrow(/secrets.key is missing: put it back/)
      }
      const journal = join(server.dataDirectory, 'journal')
      for (const name of await readdir(journal)) {
        const content = await readFile(join(journal, name))
        expect(content.includes(user.secretAccessKey)).toBe(false)
      }
    } finally {
      await server.destroy()
    }
  },
)
