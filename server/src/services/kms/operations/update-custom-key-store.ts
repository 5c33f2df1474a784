import { operation } from '../../../api/operation.ts'
import { unsupported } from '../errors.ts'

export const updateCustomKeyStore = () =>
  operation('UpdateCustomKeyStore', async () => {
    throw unsupported('Custom key stores are not supported.')
  })
