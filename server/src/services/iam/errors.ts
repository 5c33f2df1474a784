import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import type { Holder } from './entities.ts'

/** Every error IAM tells a client, by its code in the Query protocol, the only one IAM has. */
const client = (code: string, status: number) =>
  ({ code, status, fault: 'client' }) as const satisfies ErrorShape

export const AccessDenied = client('AccessDenied', 403)
export const DeleteConflict = client('DeleteConflict', 409)
export const EntityAlreadyExists = client('EntityAlreadyExists', 409)
export const InvalidInput = client('InvalidInput', 400)
export const LimitExceeded = client('LimitExceeded', 409)
export const MalformedPolicyDocument = client('MalformedPolicyDocument', 400)
export const NoSuchEntity = client('NoSuchEntity', 404)
export const ValidationError = client('ValidationError', 400)

export const invalidInput = (message: string) => new ServiceError(InvalidInput, message)

export const validationError = (message: string) => new ServiceError(ValidationError, message)

export const malformedPolicy = (message: string) => new ServiceError(MalformedPolicyDocument, message)

const noSuchEntity = (message: string) => new ServiceError(NoSuchEntity, message)

const deleteConflict = (message: string) => new ServiceError(DeleteConflict, message)

const limitExceeded = (message: string) => new ServiceError(LimitExceeded, message)

const alreadyExists = (message: string) => new ServiceError(EntityAlreadyExists, message)

export const notFound = (type: Holder['type'], name: string) =>
  noSuchEntity(`The ${type} with name ${name} cannot be found.`)

export const policyNotFound = (arn: string) => noSuchEntity(`Policy ${arn} was not found.`)

export const policyNotAttachable = (arn: string) =>
  noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)

export const versionNotFound = (arn: string, version: number) =>
  noSuchEntity(`Policy ${arn} version v${version} does not exist or is not attachable.`)

export const inlinePolicyNotFound = (type: Holder['type'], name: string) =>
  noSuchEntity(`The ${type} policy with name ${name} cannot be found.`)

export const keyNotFound = (id: string) => noSuchEntity(`The Access Key with id ${id} cannot be found.`)

export const notInGroup = (user: string, group: string) =>
  noSuchEntity(`The user with name ${user} is not in the group with name ${group}.`)

export const nameTaken = (type: Holder['type'], name: string) =>
  alreadyExists(`${type.charAt(0).toUpperCase()}${type.slice(1)} with name ${name} already exists.`)

export const policyNameTaken = (name: string) =>
  alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`)

export const aliasTaken = (alias: string) => alreadyExists(`The account alias ${alias} already exists.`)

export const accountNameTaken = (name: string) =>
  alreadyExists(`An account called ${name} already exists. Duplicate names are not allowed.`)

/** `what`: `detach all policies`. */
export const mustFirst = (what: string) => deleteConflict(`Cannot delete entity, must ${what} first.`)

export const policyInUse = () => deleteConflict('Cannot delete a policy attached to entities.')

export const policyHasVersions = () =>
  deleteConflict(
    "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
      'The default version is deleted with the policy.',
  )

export const isDefaultVersion = () => deleteConflict('Cannot delete the default version of a policy.')

/** `quota` is its name: `UsersPerAccount`. */
export const quotaExceeded = (quota: string, max: number) =>
  limitExceeded(`Cannot exceed quota for ${quota}: ${max}`)

export const tooManyVersions = (max: number) =>
  limitExceeded(
    `A managed policy can have up to ${max} versions. Before you create a new version, you must delete an existing version.`,
  )

export const inlinePoliciesTooLarge = (type: Holder['type'], name: string, max: number) =>
  limitExceeded(`Maximum policy size of ${max} bytes exceeded for ${type} ${name}`)

export const policyTooLarge = (message: string) => limitExceeded(message)
