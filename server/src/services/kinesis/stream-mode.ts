import type { StreamModeDetails } from '../../api/generated/kinesis.ts'
import type { StreamMode } from './commands.ts'
import { invalidArgument } from './errors.ts'
import { ON_DEMAND_SHARDS } from './limits.ts'

/** The model lets no others through. */
export function parseStreamMode({ StreamMode }: StreamModeDetails): StreamMode {
  return StreamMode === 'ON_DEMAND' ? 'ON_DEMAND' : 'PROVISIONED'
}

/** In MiB per second; null where none is asked for. Whether the account may have one is for the cell to say. */
export function parseWarmThroughput(mode: StreamMode, mibPerSecond: number | undefined): number | null {
  if (mode === 'PROVISIONED' && mibPerSecond !== undefined) {
    throw invalidArgument('WarmThroughputMiBps is not expected when StreamMode=PROVISIONED')
  }
  return mibPerSecond ?? null
}

/** With how many shards a stream begins. Without a mode, and without their number, it is AWS that provides. */
export function parseCapacity(
  details: StreamModeDetails | undefined,
  shardCount: number | undefined,
): { readonly mode: StreamMode; readonly shards: number } {
  const mode = details === undefined ? modeByDefault(shardCount) : parseStreamMode(details)
  if (mode === 'ON_DEMAND') {
    if (shardCount === undefined) return { mode, shards: ON_DEMAND_SHARDS }
    throw invalidArgument('ShardCount is not expected when StreamMode=ON_DEMAND')
  }
  if (shardCount === undefined) throw invalidArgument('ShardCount is required when StreamMode=PROVISIONED')
  return { mode, shards: shardCount }
}

function modeByDefault(shardCount: number | undefined): StreamMode {
  return shardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED'
}
