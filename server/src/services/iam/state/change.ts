import type { Step } from '../../../core/service-state.ts'
import type { Entity } from '../entities.ts'
import { quotaExceeded } from '../errors.ts'
import type { IamContext } from './context.ts'
import type { EntityUnit } from './entity-unit.ts'
import { EVENT, type IamEvent } from './events.ts'

/** What decisions do to entities. */

export function create<Each extends Entity>({ root }: IamContext, step: Step<IamEvent>, entity: Each): Each {
  step.emit({ kind: EVENT.entityCreated, number: root.nextNumber, entity })
  return entity
}

/** Returns it as it is then. */
export function change<Each extends Entity>(
  step: Step<IamEvent>,
  unit: EntityUnit<Each>,
  changes: Partial<Omit<Each, 'type' | 'accountId'>>,
): Each {
  step.emit({ kind: EVENT.entityChanged, number: unit.number, changes: { ...changes } })
  return unit.entity
}

export function remove(step: Step<IamEvent>, { number }: EntityUnit): null {
  step.emit({ kind: EVENT.entityDeleted, number })
  return null
}

/** Refuses one more than the quota, which has this name, allows. */
export function checkQuota(quota: string, count: number, max: number): void {
  if (count >= max) throw quotaExceeded(quota, max)
}
