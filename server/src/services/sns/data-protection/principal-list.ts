/** The ARNs of IAM and STS that a policy may name, a whole account as its number too; a star is everybody. */
const PRINCIPAL =
  /^(?:\*|\d{12}|arn:aws:iam::\d{12}:(?:root|(?:user|role)\/[\w+=,.@/-]{1,576})|arn:aws:sts::\d{12}:(?:assumed-role|federated-user)\/[\w+=,.@/-]{1,192})$/

export function isPrincipal(text: string): boolean {
  return PRINCIPAL.test(text)
}

/** Whether a list names who has this ARN. A role stands for all that assumed it, and an account's root user for the account. */
export function namesPrincipal(list: readonly string[], arn: string): boolean {
  return list.some((each) => each === '*' || each === arn || isAccount(each, arn) || isRoleOf(each, arn))
}

function isAccount(named: string, arn: string): boolean {
  const account = arn.split(':')[4]
  return named === account || named === `arn:aws:iam::${account}:root`
}

/** Names of roles are unique in an account, whatever their paths, which sessions don't have. */
function isRoleOf(named: string, arn: string): boolean {
  const role = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(named)
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn)
  return role !== null && session !== null && role[1] === session[1] && role[2] === session[2]
}
