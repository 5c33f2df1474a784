/** What values of a key are: which operators go with it. */
export type KeyType = 'string' | 'ARN' | 'number' | 'date' | 'boolean' | 'address'

export interface ConditionKey {
  /** As AWS spells it; case doesn't count. A name that ends in `/` is continued by a tag's key. */
  readonly name: string
  readonly type: KeyType
  /** Whether a request may have several values for it, so that conditions on it want `ForAllValues` or `ForAnyValue`. */
  readonly several: boolean
  /** When a request has it. */
  readonly present: string
}

const one = (name: string, type: KeyType, present: string): ConditionKey => ({
  name,
  type,
  several: false,
  present,
})
const several = (name: string, type: KeyType, present: string): ConditionKey => ({
  ...one(name, type, present),
  several: true,
})

/**
 * The keys that all services have: reference_policies_condition-keys. Those of organisations, VPCs and EC2 are missing, since there are none here: conditions on
 * them are as on any key that a request lacks.
 */
export const GLOBAL_CONDITION_KEYS: readonly ConditionKey[] = [
  one('aws:PrincipalArn', 'ARN', 'always, if signed; of a session of a role, the role’s'),
  one('aws:PrincipalAccount', 'string', 'always, if signed'),
  one('aws:PrincipalType', 'string', 'always'),
  one('aws:PrincipalTag/', 'string', 'for each tag of the user, or of the role and its session'),
  one('aws:userid', 'string', 'always, if signed'),
  one('aws:username', 'string', 'for users'),
  one('aws:PrincipalIsAWSService', 'boolean', 'always'),
  one('aws:PrincipalServiceName', 'string', 'for AWS services'),
  several('aws:PrincipalServiceNamesList', 'string', 'for AWS services'),
  one('aws:FederatedProvider', 'string', 'for sessions of federated identities'),
  one('aws:SourceIdentity', 'string', 'for sessions that were given one'),
  one('aws:TokenIssueTime', 'date', 'with temporary credentials'),
  one('aws:MultiFactorAuthPresent', 'boolean', 'with temporary credentials'),
  one('aws:MultiFactorAuthAge', 'number', 'with temporary credentials got by a second factor'),

  one('aws:CurrentTime', 'date', 'always'),
  one('aws:EpochTime', 'date', 'always'),
  one('aws:RequestedRegion', 'string', 'always'),
  one('aws:SecureTransport', 'boolean', 'always'),
  one('aws:SourceIp', 'address', 'always, if no service asks'),
  one('aws:UserAgent', 'string', 'if the client says'),
  one('aws:referer', 'string', 'if the client says'),
  one('aws:RequestTag/', 'string', 'for each tag that the request brings'),
  several('aws:TagKeys', 'string', 'if the request is about tags'),
  one('aws:ResourceTag/', 'string', 'for each tag of the resource'),
  one('aws:ResourceAccount', 'string', 'if the request is about a resource'),

  one('aws:SourceArn', 'ARN', 'if a service asks because of a resource'),
  one('aws:SourceAccount', 'string', 'if a service asks because of a resource'),
  one('aws:ViaAWSService', 'boolean', 'always: whether a service asks with the caller’s permissions'),
  several('aws:CalledVia', 'string', 'if a service asks with the caller’s permissions'),
  one('aws:CalledViaFirst', 'string', 'if a service asks with the caller’s permissions'),
  one('aws:CalledViaLast', 'string', 'if a service asks with the caller’s permissions'),
]
