import { compileModel } from '../../api/compile-model.ts'
import { stsModel } from '../../api/generated/sts-model.ts'
import type { Violation } from '../../api/model.ts'
import type { Operation, Service } from '../../api/operation.ts'
import { describeViolations } from '../../api/validation-text.ts'
import type { StsPorts } from './ports.ts'
import { STS_ACCESS } from './sts-access.ts'
import { accessDenied, validationError } from './sts-errors.ts'
import { assumeRole } from './sts-operations/assume-role.ts'
import { decodeAuthorizationMessage, getAccessKeyInfo, getCallerIdentity } from './sts-operations/identity.ts'
import { getFederationToken, getSessionToken } from './sts-operations/tokens-of-users.ts'
import { unsupportedOperations } from './sts-operations/unsupported.ts'

const OPERATIONS: readonly ((ports: StsPorts) => Operation)[] = [
  ...[assumeRole, getSessionToken, getFederationToken],
  ...[getCallerIdentity, getAccessKeyInfo, decodeAuthorizationMessage],
  ...unsupportedOperations,
]

/** AWS Security Token Service: credentials that are good for a while. They are IAM's, and nobody keeps them. */
export function sts(ports: StsPorts): Service {
  const operations = OPERATIONS.map((declare) => declare(ports))
  return {
    name: 'sts',
    model: compileModel('sts', stsModel),
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    refuseInput: (_first: Violation, all: readonly Violation[]) => validationError(describeViolations(all)),
    access: STS_ACCESS,
    refuseAccess: accessDenied,
  }
}
