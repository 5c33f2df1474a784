/** What a secret is sealed as. */
export function secretContext(accessKeyId: string): string {
  return `access key ${accessKeyId}`
}
