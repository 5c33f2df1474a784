import { expect } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import type { SqsCommand } from '../../src/services/sqs/commands.ts'
import type { Unaddressed } from './command-maker.ts'
import type { MachineRig } from './machine-rig.ts'
import type { ModelOperation } from './operations.ts'

/** Chores and landings are a matter of the model's. */
type ServerKind = Exclude<Unaddressed, 'do chores' | 'land'>

export type ServerOperation = Extract<ModelOperation, { kind: ServerKind }>

/** What differs from model to model. */
export interface ServerModel {
  checkWhenTidy(): void
  /** Every queue goes. */
  reset(): void
}

const KINDS: ReadonlySet<string> = new Set<ServerKind>([
  'reset',
  'wait',
  'tidy',
  'begin snapshot',
  'write snapshot',
  'abandon snapshot',
  'restart',
])

/** Whether the operation is on the server as a whole, not on a queue. */
export function isServerOperation<Operation extends { readonly kind: string }>(
  operation: Operation,
): operation is Extract<Operation, { readonly kind: ServerKind }> {
  return KINDS.has(operation.kind)
}

export function runOnServer(rig: MachineRig, operation: ServerOperation, model: ServerModel): void {
  switch (operation.kind) {
    case 'wait':
      rig.now += operation.milliseconds
      if (operation.advance) rig.machine.advance(rig.now)
      return
    case 'tidy':
      model.checkWhenTidy()
      return
    case 'reset':
      model.reset()
      return
    case 'begin snapshot':
      rig.beginSnapshot()
      return
    case 'write snapshot':
      rig.writeSnapshot(operation.units)
      return
    case 'abandon snapshot':
      rig.abandonSnapshot()
      return
    case 'restart':
      rig.restart(operation.fromSnapshot)
      return
    default:
      operation satisfies never
  }
}

/** The command must be refused with the code, and change nothing. */
export function expectRefused(rig: MachineRig, command: SqsCommand, code: string): void {
  const entries = rig.log.length
  try {
    rig.execute(command)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    expect(error.shape.code).toBe(code)
    expect(rig.log.length).toBe(entries)
    return
  }
  expect.unreachable(`${command.kind} was to be refused with ${code}`)
}
