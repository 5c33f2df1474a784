import type { Request } from '../../api/operation.ts'
import type { Scope } from '../../core/scope.ts'
import { invalidParameter, notAuthorized } from './errors.ts'

export const SNS_ARN_PREFIX = 'arn:aws:sns:'
const ARN_PARTS = 6

/** What a parameter names, in the form that all ARNs of SNS have; `rest` is what follows the resource, split at colons. */
export interface ParsedArn extends Scope {
  readonly resource: string
  readonly rest: readonly string[]
}

/** Refuses what is no ARN of SNS. */
export function parseArn(parameter: string, arn: string): ParsedArn {
  const parts = arn.split(':')
  if (arn === '') throw invalidParameter(parameter, 'no value for required parameter')
  if (parts.length < ARN_PARTS) {
    throw invalidParameter(parameter, `An ARN must have at least ${ARN_PARTS} elements, not ${parts.length}`)
  }
  const [, , , region, accountId, resource, ...rest] = parts
  if (!arn.startsWith(SNS_ARN_PREFIX)) throw invalidParameter(parameter)
  return { region: region!, accountId: accountId!, resource: resource!, rest }
}

/**
 * Refuses a resource of another region, as AWS does, and one of another account unless policies let the caller have it, in the words
 * AWS has for a caller to whom its owner granted nothing.
 */
export function checkOwned(
  parameter: string,
  arn: string,
  { region, accountId }: Scope,
  action: string,
  { caller, isPermitted }: Request,
): void {
  // Whoever has a link that was sent to an endpoint belongs to no account and no region.
  if (caller.isAnonymous === true && isRegionAndAccount(region, accountId)) return
  if (region !== caller.region || !/^\d{12}$/.test(accountId)) throw invalidParameter(parameter)
  if (isPermitted || accountId === caller.accountId) return
  throw notAuthorized(caller.principalArn, action, arn)
}

function isRegionAndAccount(region: string, accountId: string): boolean {
  return /^[a-z0-9-]{1,32}$/.test(region) && /^\d{12}$/.test(accountId)
}
