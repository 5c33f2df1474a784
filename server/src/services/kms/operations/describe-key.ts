import type { DescribeKeyRequest, DescribeKeyResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { checkGrantTokens } from '../grant-token.ts'
import { renderMetadata } from '../key-metadata.ts'
import { resolveReference } from '../resolve-key.ts'

export const describeKey = (front: KmsFront) =>
  operation<DescribeKeyRequest, DescribeKeyResponse>('DescribeKey', async (input, request) => {
    const reference = resolveReference(input.KeyId, 'DescribeKey', request)
    await checkGrantTokens(front, input.GrantTokens)
    return { KeyMetadata: renderMetadata(await front.keyRing.find(reference)) }
  })
