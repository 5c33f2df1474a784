import { operation } from '../../../api/operation.ts'
import { unsupported } from '../errors.ts'

export const disconnectCustomKeyStore = () =>
  operation('DisconnectCustomKeyStore', async () => {
    throw unsupported('Custom key stores are not supported.')
  })
