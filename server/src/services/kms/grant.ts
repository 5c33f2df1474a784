import { Buffer } from 'node:buffer'
import type {
  CreateGrantRequest,
  GrantListEntry,
  GrantConstraints as WireConstraints,
} from '../../api/generated/kms.ts'
import type { Request } from '../../api/operation.ts'
import type { Random } from '../../base/random.ts'
import type { GrantConstraints, GrantView, KeyView, NewGrant, Tags } from './commands.ts'
import { invalid, invalidPrincipal, limitExceeded } from './errors.ts'
import { keyArn } from './key-arn.ts'
import { isSymmetric, type KeyUsage } from './key-specs.ts'
import { CONSTRAINT_CHARACTERS_MAX, CONSTRAINT_PAIRS_MAX } from './limits.ts'

const GRANT_ID_BYTES = 32

/** An account, one of its principals or sessions, or a service of AWS. */
const PRINCIPAL =
  /^(?:\d{12}|arn:aws[a-z-]*:(?:iam|sts)::\d{12}:(?:root|(?:user|role|assumed-role|federated-user)\/.+)|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com)$/

/** The grant that a request asks for. Refused where the key can't do what is granted. */
export function readGrant(
  input: CreateGrantRequest,
  view: KeyView,
  { random, request }: { readonly random: Random; readonly request: Request },
): NewGrant {
  const { GranteePrincipal: grantee, RetiringPrincipal: retiring = null, Name: name = '' } = input
  for (const principal of [grantee, retiring]) {
    if (principal !== null && !PRINCIPAL.test(principal)) throw invalidPrincipal(principal)
  }
  const operations = [...new Set(input.Operations)]
  if (operations.length === 0) throw invalid('A grant must have at least one operation.')
  const possible = operationsOf(view)
  for (const operation of operations) {
    if (possible.has(operation)) continue
    throw invalid(
      `The operation ${operation} can not be granted on ${keyArn(view.key)}: it is not one of such a key.`,
    )
  }
  return {
    ...{ id: Buffer.from(random.bytes(GRANT_ID_BYTES)).toString('hex'), name, grantee, retiring, operations },
    constraints: readConstraints(input.Constraints, view),
    issuer: `arn:aws:iam::${request.caller.accountId}:root`,
  }
}

export function renderGrant(grant: GrantView): GrantListEntry {
  const { equals, subset } = grant.constraints
  return {
    KeyId: keyArn(grant.key),
    GrantId: grant.id,
    Name: grant.name,
    CreationDate: grant.createdAt,
    GranteePrincipal: grant.grantee,
    ...(grant.retiring !== null && { RetiringPrincipal: grant.retiring }),
    IssuingAccount: grant.issuer,
    Operations: grant.operations,
    ...((equals !== null || subset !== null) && {
      Constraints: {
        ...(equals !== null && { EncryptionContextEquals: equals }),
        ...(subset !== null && { EncryptionContextSubset: subset }),
      },
    }),
  }
}

const OF_ALL = ['DescribeKey', 'CreateGrant', 'RetireGrant']
const OF_USAGE: Readonly<Record<KeyUsage, readonly string[]>> = {
  ENCRYPT_DECRYPT: ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo'],
  SIGN_VERIFY: ['Sign', 'Verify'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret'],
}
const OF_SYMMETRIC = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
]

function operationsOf({ spec, usage }: KeyView): ReadonlySet<string> {
  const ofKind = isSymmetric(spec) ? (usage === 'ENCRYPT_DECRYPT' ? OF_SYMMETRIC : []) : ['GetPublicKey']
  return new Set([...OF_ALL, ...OF_USAGE[usage], ...ofKind])
}

function readConstraints(asked: WireConstraints | undefined, { spec }: KeyView): GrantConstraints {
  const { EncryptionContextEquals: equals = null, EncryptionContextSubset: subset = null } = asked ?? {}
  if (equals === null && subset === null) return { equals, subset }
  if (spec !== 'SYMMETRIC_DEFAULT') {
    throw invalid('Constraints can be used with symmetric encryption KMS keys alone.')
  }
  for (const pairs of [equals, subset]) checkPairs(pairs ?? {})
  return { equals, subset }
}

function checkPairs(pairs: Tags): void {
  const entries = Object.entries(pairs)
  if (entries.length > CONSTRAINT_PAIRS_MAX) {
    throw limitExceeded(`A constraint can have at most ${CONSTRAINT_PAIRS_MAX} encryption context pairs.`)
  }
  const characters = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  if (characters > CONSTRAINT_CHARACTERS_MAX) {
    throw limitExceeded(`A constraint can have at most ${CONSTRAINT_CHARACTERS_MAX} characters.`)
  }
}
