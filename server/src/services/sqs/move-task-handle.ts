import { Buffer } from 'node:buffer'
import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameterValue } from './errors.ts'
import { parseQueueArn } from './queue-arn.ts'

/**
 * What names a move task to clients: base64 of a JSON object with the task's id and its source, as AWS has it. It is no
 * secret, and worth something only to who may act on the source anyway.
 */
export interface MoveTaskHandle {
  /** A UUID. */
  readonly taskId: string
  readonly sourceArn: string
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const HANDLE_CHARACTERS_MAX = 1024

export function encodeMoveTaskHandle({ taskId, sourceArn }: MoveTaskHandle): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64')
}

/** Refuses what is no such handle. Whether there is such a task is another question. */
export function decodeMoveTaskHandle(handle: string): MoveTaskHandle {
  const { taskId, sourceArn } = handle.length > HANDLE_CHARACTERS_MAX ? NOTHING : parse(handle)
  if (
    typeof taskId !== 'string' ||
    !UUID.test(taskId) ||
    typeof sourceArn !== 'string' ||
    parseQueueArn(sourceArn) === null
  ) {
    throw new ServiceError(InvalidParameterValue, 'Value for parameter TaskHandle is invalid.')
  }
  return { taskId, sourceArn }
}

const NOTHING: { readonly [Key in keyof MoveTaskHandle]?: unknown } = {}

function parse(handle: string): typeof NOTHING {
  try {
    const value: unknown = JSON.parse(Buffer.from(handle, 'base64').toString())
    return typeof value === 'object' && value !== null ? value : NOTHING
  } catch {
    return NOTHING
  }
}
