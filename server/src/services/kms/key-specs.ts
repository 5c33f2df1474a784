/** What kinds of keys there are, and what each can do. https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html */

export type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC' | 'KEY_AGREEMENT'

const SYMMETRIC = ['SYMMETRIC_DEFAULT'] as const
const MACS = ['HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512'] as const
const RSA = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const
const NIST = ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const
const OTHER_CURVES = ['ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519'] as const

export type MacSpec = (typeof MACS)[number]
export type RsaSpec = (typeof RSA)[number]
export type CurveSpec = (typeof NIST)[number] | (typeof OTHER_CURVES)[number]
export type PairSpec = RsaSpec | CurveSpec
export type KeySpec = (typeof SYMMETRIC)[number] | MacSpec | PairSpec

const PAIRS: readonly string[] = [...RSA, ...NIST, ...OTHER_CURVES]
const SPECS: readonly string[] = [...SYMMETRIC, ...MACS, ...PAIRS]

export function isKeySpec(spec: string): spec is KeySpec {
  return SPECS.includes(spec)
}

export function isPairSpec(spec: string): spec is PairSpec {
  return PAIRS.includes(spec)
}

export function isMacSpec(spec: string): spec is MacSpec {
  return (MACS as readonly string[]).includes(spec)
}

export function isRsaSpec(spec: string): spec is RsaSpec {
  return (RSA as readonly string[]).includes(spec)
}

/** What a key of the spec may be used for: one of these, for good. */
export function usagesOf(spec: KeySpec): readonly KeyUsage[] {
  if (spec === 'SYMMETRIC_DEFAULT') return ['ENCRYPT_DECRYPT']
  if (isMacSpec(spec)) return ['GENERATE_VERIFY_MAC']
  if (isRsaSpec(spec)) return ['ENCRYPT_DECRYPT', 'SIGN_VERIFY']
  if ((NIST as readonly string[]).includes(spec)) return ['SIGN_VERIFY', 'KEY_AGREEMENT']
  return ['SIGN_VERIFY']
}

const RSA_SIGNING = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
]

/** The algorithms that a key of the spec has for its usage. */
export function algorithmsOf(spec: KeySpec, usage: KeyUsage): readonly string[] {
  switch (usage) {
    case 'ENCRYPT_DECRYPT':
      return spec === 'SYMMETRIC_DEFAULT' ? SYMMETRIC : ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']
    case 'GENERATE_VERIFY_MAC':
      return [spec.replace('HMAC_', 'HMAC_SHA_')]
    case 'KEY_AGREEMENT':
      return ['ECDH']
    case 'SIGN_VERIFY':
      switch (spec) {
        case 'ECC_NIST_P256':
        case 'ECC_SECG_P256K1':
          return ['ECDSA_SHA_256']
        case 'ECC_NIST_P384':
          return ['ECDSA_SHA_384']
        case 'ECC_NIST_P521':
          return ['ECDSA_SHA_512']
        case 'ECC_NIST_EDWARDS25519':
          return ['ED25519_SHA_512', 'ED25519_PH_SHA_512']
        default:
          return RSA_SIGNING
      }
    default:
      return usage satisfies never
  }
}

/** Whether there is but one key, that nobody may see. */
export function isSymmetric(spec: KeySpec): boolean {
  return !isPairSpec(spec)
}

/** Bits of the digest in an algorithm's name: 256 of `ECDSA_SHA_256`. */
export function digestBitsOf(algorithm: string): number {
  return Number(algorithm.slice(algorithm.lastIndexOf('_') + 1))
}
