import { expect, test } from 'vitest'
import type { Access } from '../../src/api/access.ts'
import type { Authorizer } from '../../src/api/authorizer.ts'
import type { Request, Service } from '../../src/api/operation.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import type { CellClient } from '../../src/core/ports.ts'
import { Binding } from '../../src/protocol/binding.ts'
import { kinesis } from '../../src/services/kinesis/service.ts'
import { encodeShardIterator } from '../../src/services/kinesis/shard-iterator.ts'
import { kms } from '../../src/services/kms/service.ts'
import { MessageProtection } from '../../src/services/sns/data-protection/message-protection.ts'
import { sns } from '../../src/services/sns/service.ts'
import { sqs } from '../../src/services/sqs/service.ts'
import { NO_COOLDOWNS, NOTHING_LANDED, TEST_REQUEST } from '../../src/services/sqs/test-cell.ts'
import { IamWorld } from '../iam/iam-world.ts'
import { TestKeys } from '../kinesis/test-encryption.ts'
import { KmsWorld, NO_KEYS } from '../kms/kms-world.ts'
import { NEEDS_NO_LEAVE, SAMPLES, sampleInput } from './sample-inputs.ts'

/** Nothing is to get this far that nobody let in. */
const UNREACHED: CellClient = {
  execute: async (command) => {
    throw new Error(`${command.kind} reached the cell`)
  },
}
const random = { bytes: (length: number) => new Uint8Array(length) }
const tokenKey = new Uint8Array(32)
const streamPorts = {
  ...{ cell: UNREACHED, random, tokenKey, now: () => 0 },
  ...{
    transitionMs: 0,
    throughputLimits: false,
    timers: { soon: queueMicrotask },
    encryption: new TestKeys().encryption,
  },
}

const SERVICES: readonly Service[] = [
  sqs({ ...{ cell: UNREACHED, random, tokenKey }, cooldowns: NO_COOLDOWNS, readLanded: NOTHING_LANDED }),
  sns({
    ...{ cell: UNREACHED, random, tokenKey, endpointProblem: () => undefined },
    signer: { certificatePath: '/', sign: async () => '' },
    protection: new MessageProtection({ topicAt: () => undefined, random, audited: () => {} }),
  }),
  kinesis(streamPorts),
  ...new IamWorld().services,
  kms({ ...new KmsWorld().ports, cell: UNREACHED }, NO_KEYS),
]

const ACCOUNT = TEST_REQUEST.caller.accountId

const samples = {
  ...SAMPLES,
  ShardIterator: encodeShardIterator(streamPorts, {
    stream: { accountId: ACCOUNT, region: 'eu-west-1', name: 'grain' },
    ...{ streamNumber: 1, shard: 0, position: { index: 1, since: 0 } },
  }),
}

const denial = new ServiceError({ code: 'Denied', status: 403, fault: 'client' }, 'not this time')

const OPERATIONS = SERVICES.flatMap((service) =>
  [...service.operations.values()].map((operation) => ({ service, operation, name: operation.name })),
)

test.each(OPERATIONS.filter(({ name }) => !NEEDS_NO_LEAVE.has(name)))(
  '$service.name:$name is not done without leave',
  async ({ service, operation }) => {
    const asked: Access[] = []
    const authorizer: Authorizer = {
      authorize: (access) => {
        asked.push(access)
        throw denial
      },
    }
    const model = service.model.operations.get(operation.name)!
    const binding = new Binding(service, operation, model, authorizer)
    const request: Request = { ...TEST_REQUEST, isPermitted: true }
    const input = sampleInput(model.input, service.name, samples)
    const run = async () => binding.run(input, request)
    await expect(run()).rejects.toBe(denial)
    const [access] = asked
    expect(access!.action.toLowerCase()).toMatch(new RegExp(`^${service.name}:[a-z]+$`))
    expect(access!.accountId).toBe(ACCOUNT)
    expect(access!.resource ?? 'arn:aws:').toMatch(/^arn:aws:/)
  },
)
