import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { KeyUser } from '../../core/data-keys.ts'
import type { StreamAddress } from './commands.ts'
import { invalidArgument, KMSNotFound, kinesisError } from './errors.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { sealUseOf } from './sealed-records.ts'

const KEY_ID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i
const ALIAS = /^alias\/[\w/-]+$/
const ARN = /^arn:aws:kms:[a-z0-9-]+:\d{12}:(?:key\/(?<key>.+)|(?<alias>alias\/.+))$/

/** How requests to begin and to end encryption say what they mean. */
interface Encryption {
  readonly EncryptionType: string
  readonly KeyId: string
}

/** `keyId` is what the stream is encrypted with from now on; null for nothing. */
export async function changeEncryption(
  ports: KinesisPorts,
  stream: StreamAddress,
  encryption: Encryption,
  keyId: string | null,
  request: Request,
): Promise<object> {
  checkEncryption(encryption)
  const { transitionMs: settleMs } = ports
  if (keyId !== null) await checkKey(ports, stream, keyId, request)
  await ask(ports, { service: 'kinesis', kind: 'setEncryption', stream, keyId, settleMs })
  return {}
}

/** Refuses keys that can't be used now. Whether they may be is asked of those who put and get records: an administrator needs no leave to. */
async function checkKey(
  ports: KinesisPorts,
  stream: StreamAddress,
  keyId: string,
  request: Request,
): Promise<void> {
  // Whether the stream is there comes first.
  await ask(ports, { service: 'kinesis', kind: 'getStream', stream })
  const { encryption } = ports
  const use = { ...sealUseOf(encryption, stream, keyId, request), user: ADMINISTRATOR }
  await encryption.seals.check(use).catch((error: unknown) => {
    throw kinesisError(error)
  })
}

const ADMINISTRATOR: KeyUser = { denial: () => null }

/** Refuses what names no key in any of the ways that KMS has. */
function checkEncryption({ EncryptionType, KeyId }: Encryption): void {
  if (EncryptionType !== 'KMS')
    throw invalidArgument(`EncryptionType ${EncryptionType} is invalid. The only valid value is KMS.`)
  const { key = KeyId, alias = KeyId } = ARN.exec(KeyId)?.groups ?? {}
  if (!KEY_ID.test(key) && !ALIAS.test(alias)) throw new ServiceError(KMSNotFound, `Invalid keyId '${KeyId}'`)
}
