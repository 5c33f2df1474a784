import { operation } from '../../../api/operation.ts'
import { unsupported } from '../errors.ts'

export const connectCustomKeyStore = () =>
  operation('ConnectCustomKeyStore', async () => {
    throw unsupported('Custom key stores are not supported.')
  })
