import type { Request } from '../../api/operation.ts'
import type { KeyReference, KeyView, Material } from './commands.ts'
import type { LoadedKey } from './cryptography.ts'
import {
  dryRunSucceeded,
  keyDisabled,
  keyPendingDeletion,
  managedByAws,
  unsupported,
  wrongSpec,
  wrongUsage,
} from './errors.ts'
import type { KmsFront } from './front.ts'
import { checkGrantTokens } from './grant-token.ts'
import { keyArn } from './key-arn.ts'
import { currentMaterial } from './key-ring.ts'
import type { KeyUsage } from './key-specs.ts'
import { resolveReference } from './resolve-key.ts'

/** A key that may be used for what is asked, with the material that encrypts now. */
export interface UsableKey {
  readonly view: KeyView
  readonly arn: string
  readonly material: Material
  readonly loaded: LoadedKey
}

/** What is asked of a key. */
interface Asked {
  /** The operation, as refusals name it. */
  readonly action: string
  /** What the key must be for. */
  readonly usage: KeyUsage
  /** Whether no pair of keys will do. */
  readonly isSymmetric?: boolean
}

/** The parameters that operations with keys have in common. */
interface Parameters {
  readonly GrantTokens?: readonly string[] | undefined
  readonly DryRun?: boolean | undefined
  readonly Recipient?: object | undefined
}

/**
 * Runs what a client asks of a key, once the key is found to be there, enabled and for that. Where the client only wants to know
 * whether it would succeed, it is told so.
 */
export async function useKey<Result>(
  front: KmsFront,
  asked: Asked & { readonly keyId: string },
  parameters: Parameters,
  request: Request,
  run: (key: UsableKey) => Result | Promise<Result>,
): Promise<Result> {
  const reference = resolveReference(asked.keyId, asked.action, request)
  await checkParameters(front, parameters)
  const key = await findUsable(front, reference, asked, request)
  const result = await run(key)
  await finishUse(front, [key], asked.action, parameters, request)
  return result
}

/** What `useKey` does after it has found which key is meant, and before. */
export async function findUsable(
  front: KmsFront,
  reference: KeyReference,
  asked: Asked,
  request: Request,
): Promise<UsableKey> {
  const view = await front.keyRing.find(reference)
  const { principalArn } = request.caller
  if (view.manager === 'AWS') throw managedByAws({ principalArn, action: asked.action }, view.key)
  checkUsable(view, asked)
  return usableKey(front, view)
}

export function usableKey(front: Pick<KmsFront, 'keyRing'>, view: KeyView): UsableKey {
  return {
    ...{ view, arn: keyArn(view.key), material: currentMaterial(view) },
    loaded: front.keyRing.load(view),
  }
}

/** Refuses a key that isn't enabled, or is for something else. */
export function checkUsable({ key, settings, usage, spec }: KeyView, asked: Asked): void {
  if (settings.deletion !== null) throw keyPendingDeletion(key)
  if (!settings.isEnabled) throw keyDisabled(key)
  if (usage !== asked.usage) throw wrongUsage(key, usage, asked.action)
  if (asked.isSymmetric === true && spec !== 'SYMMETRIC_DEFAULT') throw wrongSpec(key, spec, asked.action)
}

export async function checkParameters(
  front: KmsFront,
  { GrantTokens, Recipient }: Parameters,
): Promise<void> {
  if (Recipient !== undefined) throw unsupported('Recipient is not supported: there are no enclaves here.')
  await checkGrantTokens(front, GrantTokens)
}

/** To be called when all has succeeded: tells a client of that which asked for no more, and remembers the use. */
export async function finishUse(
  front: KmsFront,
  keys: readonly UsableKey[],
  action: string,
  { DryRun }: Parameters,
  request: Request,
): Promise<void> {
  if (DryRun === true) throw dryRunSucceeded()
  for (const { view } of keys) await front.lastUses.note(view, action, request)
}
