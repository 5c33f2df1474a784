import { type DataIdentifier, managedIdentifier } from './managed-identifier.ts'

/** A block as PEM has it, its end included where it is there. */
const block = (label: string) => `-----BEGIN ${label}-----(?:[^-]|-(?!----))*(?:-----END ${label}-----)?`

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-credentials.html */
export const CREDENTIALS: readonly DataIdentifier[] = [
  managedIdentifier('AwsSecretKey', [
    {
      pattern: '(?<![A-Za-z\\d/+=])[A-Za-z\\d/+=]{40}(?![A-Za-z\\d/+=])',
      keywords: [
        ...['aws_secret_access_key', 'credentials', 'secret access key', 'secret key'],
        'set-awscredential',
      ],
    },
  ]),
  managedIdentifier('OpenSshPrivateKey', [{ pattern: block('OPENSSH PRIVATE KEY') }]),
  managedIdentifier('PgpPrivateKey', [{ pattern: block('PGP PRIVATE KEY BLOCK') }]),
  managedIdentifier('PkcsPrivateKey', [{ pattern: block('(?:RSA |DSA |EC |ENCRYPTED )?PRIVATE KEY') }]),
  managedIdentifier('PuttyPrivateKey', [
    {
      pattern:
        'PuTTY-User-Key-File-\\d:(?:(?!PuTTY-User-Key-File|Private-(?:MAC|Hash):)[\\s\\S])*(?:Private-(?:MAC|Hash): [\\da-f]{40,64})?',
    },
  ]),
]
