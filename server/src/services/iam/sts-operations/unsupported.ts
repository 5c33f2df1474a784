import { type Operation, operation } from '../../../api/operation.ts'
import { outboundFederationDisabled, unsupported } from '../sts-errors.ts'

const NO_PROVIDERS = 'it needs an identity provider, and none can be made known to this server'

/** They are asked for without a signature: an outside provider vouches for who asks. */
const OF_PROVIDERS = ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity']

const refusing = (name: string, error: () => Error, options: Pick<Operation, 'isOpenToPosts'> = {}) =>
  operation(
    name,
    async () => {
      throw error()
    },
    options,
  )

/** What is refused whoever asks, in a way that says why. */
export const unsupportedOperations: readonly (() => Operation)[] = [
  ...OF_PROVIDERS.map(
    (name) => () => refusing(name, () => unsupported(name, NO_PROVIDERS), { isOpenToPosts: true }),
  ),
  () =>
    refusing('AssumeRoot', () =>
      unsupported(
        'AssumeRoot',
        'it is for member accounts of an organization, and there are no organizations',
      ),
    ),
  () =>
    refusing('GetDelegatedAccessToken', () =>
      unsupported('GetDelegatedAccessToken', 'there are no product providers who could have issued a token'),
    ),
  () => refusing('GetWebIdentityToken', outboundFederationDisabled),
]
