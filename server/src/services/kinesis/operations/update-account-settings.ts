import type {
  UpdateAccountSettingsInput,
  UpdateAccountSettingsOutput,
} from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { renderCommitment } from '../account-settings.ts'
import { ask, type KinesisPorts } from '../ports.ts'

export const updateAccountSettings = (ports: KinesisPorts) =>
  operation<UpdateAccountSettingsInput, UpdateAccountSettingsOutput>(
    'UpdateAccountSettings',
    async (input, request) => {
      const { accountId, region } = request.caller
      const commitment = input.MinimumThroughputBillingCommitment.Status === 'ENABLED'
      const account = { accountId, region, commitment }
      return renderCommitment(await ask(ports, { service: 'kinesis', kind: 'setAccount', ...account }))
    },
  )
