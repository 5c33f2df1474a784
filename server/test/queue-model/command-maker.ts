import { SeededRandom } from '../../src/base/random.ts'
import { groupKey } from '../../src/core/keys.ts'
import type { QueueAddress, Receipt, SqsCommand } from '../../src/services/sqs/commands.ts'
import type { QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import type { LandOperation, ModelOperation, SettingsChange, UsedReceipt } from './operations.ts'
import { arnOf } from './queue-model.ts'
import type { SendCommand } from './sender-state.ts'

/** What a message that an operation calls large counts as. */
export const LARGE_BYTES = 2000

/** The operations that are no commands to a queue. */
export type Unaddressed =
  | 'land'
  | 'do chores'
  | 'wait'
  | 'tidy'
  | 'reset'
  | 'begin snapshot'
  | 'write snapshot'
  | 'abandon snapshot'
  | 'restart'

export function addressOf(queue: number): QueueAddress {
  return { accountId: '000000000000', region: 'us-east-1', name: `queue-${queue}` }
}

/** Turns operations into commands, with the receipts that were given out so far. */
export class CommandMaker {
  /** All that were given out, the newest last. */
  readonly receipts: Receipt[] = []
  readonly #random = new SeededRandom(1)
  #tasks = 0

  settingsOf({ redrive, ...settings }: SettingsChange): Partial<QueueSettings> {
    if (redrive === undefined) return settings
    if (redrive === null) return { ...settings, redrivePolicy: null }
    const deadLetterTargetArn = arnOf(addressOf(redrive.target))
    return { ...settings, redrivePolicy: { deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount } }
  }

  commandOf(
    operation: Exclude<ModelOperation, { kind: Unaddressed | 'create' | 'create again' }>,
    queue: QueueAddress,
  ): SqsCommand {
    const service = 'sqs'
    switch (operation.kind) {
      case 'delete queue':
        return { service, kind: 'deleteQueue', queue }
      case 'purge':
        return { service, kind: 'purgeQueue', queue }
      case 'set settings':
        return { service, kind: 'setQueueSettings', queue, settings: this.settingsOf(operation.settings) }
      case 'tag':
        return { service, kind: 'tagQueue', queue, tags: { [operation.key]: operation.value } }
      case 'untag':
        return { service, kind: 'untagQueue', queue, keys: [operation.key] }
      case 'send':
        return {
          service,
          kind: 'sendMessages',
          queue,
          messages: operation.messages.map(({ delaySeconds, large, group }, body) => ({
            body,
            sizeBytes: large ? LARGE_BYTES : 10,
            delaySeconds,
            groupKey: group === undefined ? undefined : groupKey(group),
          })),
          bodies: operation.messages.map((_, body) => new Uint8Array(body + 1)),
        }
      case 'receive':
        return {
          service,
          kind: 'receiveMessages',
          queue,
          limit: operation.limit,
          visibilityTimeoutSeconds: operation.hide,
          waitSeconds: 0,
          tags: this.#random.bytes(8 * operation.limit),
        }
      case 'delete':
        return {
          service,
          kind: 'deleteMessages',
          queue,
          receipts: operation.receipts.map((each) => this.#bent(each)),
        }
      case 'undo':
        return {
          service,
          kind: 'undoReceive',
          queue,
          receipts: operation.receipts.map((each) => this.#bent(each)),
          hiddenSeconds: 'hide' in operation ? operation.hide : undefined,
        }
      case 'start moving': {
        const destination = operation.destination === null ? null : addressOf(operation.destination)
        const { messagesPerSecond } = operation
        const id = `task ${++this.#tasks}`
        return { service, kind: 'startMoveTask', source: queue, destination, messagesPerSecond, id }
      }
      case 'cancel moving':
        return {
          service,
          kind: 'cancelMoveTask',
          source: queue,
          id: operation.forged ? 'no task' : `task ${this.#tasks}`,
        }
      case 'change':
        return {
          service,
          kind: 'changeVisibility',
          queue,
          changes: operation.changes.map((change) => ({
            receipt: this.#bent(change),
            visibilityTimeoutSeconds: change.seconds,
          })),
        }
    }
  }

  landingsOf({ queues, origin, messages }: LandOperation): SendCommand {
    return {
      service: 'sender',
      kind: 'send',
      targets: queues.map((queue) => arnOf(addressOf(queue))),
      origin,
      bodies: messages.map((_, body) => new Uint8Array(body + 1)),
      landings: messages.map(({ large, group }) => ({
        sizeBytes: large ? LARGE_BYTES : 10,
        groupKey: group === undefined ? null : groupKey(group),
        deduplication: null,
      })),
    }
  }

  #bent({ back, bend }: UsedReceipt): Receipt {
    const newest = this.receipts.length - 1
    const receipt = this.receipts[newest - (back % (newest + 1))] ?? NO_RECEIPT
    switch (bend) {
      case 'none':
        return receipt
      case 'tag':
        return { ...receipt, tagHigh: (receipt.tagHigh ^ 0x8000_0000) >>> 0 }
      case 'low tag':
        return { ...receipt, tagLow: receipt.tagLow ^ 1 }
      case 'next receive':
        return { ...receipt, receiveNumber: receipt.receiveNumber + 1 }
      case 'never received':
        return { ...receipt, slot: receipt.slot + back, receiveNumber: 0, tagHigh: 0, tagLow: 0 }
      case 'incarnation':
        return { ...receipt, incarnation: receipt.incarnation + 1 }
      case 'later slot':
        return { ...receipt, slot: receipt.slot + back + 1 }
    }
  }
}

const NO_RECEIPT: Receipt = { incarnation: 1, slot: 0, receiveNumber: 1, tagHigh: 0, tagLow: 0 }
