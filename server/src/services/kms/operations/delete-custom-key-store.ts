import { operation } from '../../../api/operation.ts'
import { unsupported } from '../errors.ts'

export const deleteCustomKeyStore = () =>
  operation('DeleteCustomKeyStore', async () => {
    throw unsupported('Custom key stores are not supported.')
  })
