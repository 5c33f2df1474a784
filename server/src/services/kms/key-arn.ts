import type { AliasAddress, KeyAddress } from './commands.ts'

/** An ARN that names something of KMS. */
const ARN = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(?:key\/(.+)|(alias\/.+))$/
const KEY_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/

export function keyArn({ region, accountId, name }: KeyAddress): string {
  return `arn:aws:kms:${region}:${accountId}:key/${name}`
}

export function aliasArn({ region, accountId, name }: AliasAddress): string {
  return `arn:aws:kms:${region}:${accountId}:${name}`
}

export function isKeyId(id: string): boolean {
  return KEY_ID.test(id)
}

/** Where what an ARN names lives: a key by its id, or an alias by its name, which begins with `alias/`. Null for another ARN. */
export function parseArn(arn: string): AliasAddress | KeyAddress | null {
  const parts = ARN.exec(arn)
  if (parts === null) return null
  const [, region, accountId, id, alias] = parts
  return { accountId: accountId!, region: region!, name: (id ?? alias)! }
}
