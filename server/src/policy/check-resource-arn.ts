/** What is wrong with a resource in a policy of an identity, in IAM's words. */
export type ResourceFault = string

const PARTITIONS: ReadonlySet<string> = new Set([
  ...['*', 'aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'],
])

/** In the order in which IAM lists them. */
const IAM_RESOURCES = [
  ...['user/', 'federated-user/', 'role/', 'group/', 'instance-profile/', 'mfa/', 'server-certificate/'],
  ...['policy/', 'sms-mfa/', 'saml-provider/', 'oidc-provider/', 'report/', 'access-report/'],
]

/** Null for what may be a resource: `*`, or an ARN of which parts at the end may be missing. */
export function findResourceFault(resource: string): ResourceFault | null {
  if (resource === '*') return null
  const [, partition, service, region = '', account, ...rest] = resource.split(':')
  if (partition === undefined) return `Resource ${resource} must be in ARN format or "*".`
  if (!PARTITIONS.has(partition)) {
    // IAM completes the ARN before it complains.
    const completed = [service, region, account, rest.join(':')].map((part, i) =>
      resource.split(':').length > i + 2 ? part : '*',
    )
    return `Partition "${partition}" is not valid for resource "arn:${partition}:${completed.join(':')}".`
  }
  if (service === undefined) return 'Resource vendor must be fully qualified and cannot contain regexes.'
  const path = rest.join(':')
  if (service === 'iam') return findIamFault(resource, region, account === undefined ? '*' : path)
  if (service === 's3' && region !== '' && !path.startsWith('accesspoint/')) {
    return `Resource ${resource} can not contain region information.`
  }
  return null
}

function findIamFault(resource: string, region: string, path: string): ResourceFault | null {
  if (region !== '') return `IAM resource ${resource} cannot contain region information.`
  if (path === '*' || IAM_RESOURCES.some((start) => path.startsWith(start))) return null
  return `IAM resource path must either be "*" or start with ${IAM_RESOURCES.join(', ')}.`
}

/** IAM's older parser, which looks first, can't read too few parts where one of them is empty, nor an empty service. */
export function isReadByLegacyParser(resource: string): boolean {
  const parts = resource.split(':')
  return (parts.length > 5 || !resource.includes('::')) && parts[2] !== ''
}
