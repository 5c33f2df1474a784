import type {
  DescribeAccountSettingsInput,
  DescribeAccountSettingsOutput,
} from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { renderCommitment } from '../account-settings.ts'
import { ask, type KinesisPorts } from '../ports.ts'

export const describeAccountSettings = (ports: KinesisPorts) =>
  operation<DescribeAccountSettingsInput, DescribeAccountSettingsOutput>(
    'DescribeAccountSettings',
    async (_input, request) => {
      const { accountId, region } = request.caller
      return renderCommitment(await ask(ports, { service: 'kinesis', kind: 'getAccount', accountId, region }))
    },
  )
