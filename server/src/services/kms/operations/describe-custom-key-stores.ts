import type {
  DescribeCustomKeyStoresRequest,
  DescribeCustomKeyStoresResponse,
} from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { customKeyStoreNotFound } from '../errors.ts'

export const describeCustomKeyStores = () =>
  operation<DescribeCustomKeyStoresRequest, DescribeCustomKeyStoresResponse>(
    'DescribeCustomKeyStores',
    async (input) => {
      const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input
      const asked = id ?? name
      if (asked !== undefined) throw customKeyStoreNotFound(asked)
      return { CustomKeyStores: [], Truncated: false }
    },
  )
