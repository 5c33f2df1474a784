/** What answers say of records that were encrypted with a key of the stream's; of others, as AWS does, nothing. */
export function encryptionType(isEncrypted: boolean): { readonly EncryptionType?: 'KMS' } {
  return isEncrypted ? { EncryptionType: 'KMS' } : {}
}
