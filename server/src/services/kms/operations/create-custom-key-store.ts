import { operation } from '../../../api/operation.ts'
import { unsupported } from '../errors.ts'

export const createCustomKeyStore = () =>
  operation('CreateCustomKeyStore', async () => {
    throw unsupported('Custom key stores are not supported.')
  })
