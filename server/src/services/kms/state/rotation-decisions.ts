import { rotationConflict, tooManyOnDemandRotations, unsupported } from '../errors.ts'
import { ON_DEMAND_ROTATIONS_MAX, ROTATION_CONFLICT_MS } from '../limits.ts'
import type { Decisions } from './decision.ts'
import { EVENT } from './events.ts'
import { managedKey, refuseUnlessEnabled } from './find-key.ts'
import { type Key, nextRotation } from './key.ts'

/** New material of keys: when a client asks for it, and by itself. */
export const rotationDecisions: Decisions<'setRotation' | 'rotateKey' | 'rotateDueKey'> = {
  setRotation(context, command, step) {
    const key = managedKey(context, command)
    refuseUnlessRotatable(key)
    refuseUnlessEnabled(key)
    const { days } = command
    const before = key.settings.rotation
    if (days === (before?.days ?? null)) return null
    const rotation = days === null ? null : { days, nextAt: nextRotation(days, step.now) }
    step.emit({ kind: EVENT.keyChanged, number: key.number, changes: { rotation } })
    return null
  },

  rotateKey(context, command, step) {
    const key = managedKey(context, command)
    refuseUnlessRotatable(key)
    refuseUnlessEnabled(key)
    const nextAt = key.settings.rotation?.nextAt ?? null
    if (nextAt !== null && nextAt - step.now <= ROTATION_CONFLICT_MS) throw rotationConflict(key.address)
    if (key.onDemandRotations >= ON_DEMAND_ROTATIONS_MAX) throw tooManyOnDemandRotations(key.address)
    step.emit({
      ...{ kind: EVENT.keyRotated, number: key.number, material: command.material },
      ...{ rotation: 'ON_DEMAND', at: step.now, nextAt: null },
    })
    return null
  },

  rotateDueKey({ keys }, command, step) {
    const key = keys.at(command.key)
    if (key === undefined || key.rotationDue(step.now) !== command.due) return null
    const { days } = key.settings.rotation!
    step.emit({
      ...{ kind: EVENT.keyRotated, number: key.number, material: command.material },
      ...{ rotation: 'AUTOMATIC', at: command.due, nextAt: nextRotation(days, command.due) },
    })
    return null
  },
}

/** AWS says no more of it. */
function refuseUnlessRotatable(key: Key): void {
  if (key.origin.spec !== 'SYMMETRIC_DEFAULT') throw unsupported()
}
