/**
 * A filter policy, or its scope, that SNS refuses. The message is AWS's from behind `Invalid parameter: `, or at Subscribe
 * from behind `Invalid parameter: Attributes Reason: `; the code is InvalidParameter.
 */
export class FilterPolicyError extends Error {
  override readonly name = 'FilterPolicyError'
}

export const refusePolicy = (reason: string): FilterPolicyError =>
  new FilterPolicyError(`FilterPolicy: ${reason}`)
