import type { NotedUse } from '../commands.ts'
import type { Account, Entity, LastUse } from '../entities.ts'
import type { IamContext } from './context.ts'
import { EntityUnit } from './entity-unit.ts'
import { EVENT, type IamEvent } from './events.ts'

/** Changes the state as the event says. What doesn't fit the state is a defect and throws. */
export function applyEvent(context: IamContext, event: IamEvent): void {
  const { units, directory, root } = context
  switch (event.kind) {
    case EVENT.entityCreated: {
      root.touch()
      root.nextNumber = event.number + 1
      const unit = new EntityUnit(event.number, event.entity)
      units.add(unit)
      directory.add(unit)
      return
    }
    case EVENT.entityChanged: {
      const unit = directory.numbered(event.number)
      // A decision says only what fits the type of what it changes.
      change(context, unit, { ...unit.entity, ...event.changes } as Entity)
      return
    }
    case EVENT.entityDeleted: {
      root.touch()
      const unit = directory.numbered(event.number)
      directory.remove(unit)
      units.remove(unit)
      return
    }
    case EVENT.usesNoted:
      for (const use of event.uses) applyUse(context, use)
      return
    case EVENT.allForgotten:
      root.touch()
      for (const unit of [...directory]) {
        const { entity } = unit
        if (entity.type === 'account' && entity.name !== null) {
          change(context, unit, { ...entity, alias: null })
          continue
        }
        directory.remove(unit)
        units.remove(unit)
      }
      return
    case EVENT.secretsKeyKept:
      root.touch()
      root.secretsKey = event.secretsKey
      return
    default:
      event satisfies never
  }
}

function change({ units, directory }: IamContext, unit: EntityUnit, entity: Entity): void {
  directory.change(unit, () => unit.replace(units, entity))
}

function applyUse(context: IamContext, { id, at, service, region }: NotedUse): void {
  const { directory } = context
  const owner = directory.key(id)?.unit
  if (owner !== undefined) {
    change(context, owner, withUse(owner.entity, id, { at, service, region }))
    return
  }
  const unit = directory.withId(id)
  if (unit?.entity.type === 'role') change(context, unit, { ...unit.entity, lastUse: { at, region } })
}

function withUse<Owner extends Entity & Pick<Account, 'keyUses'>>(
  owner: Owner,
  id: string,
  use: LastUse,
): Owner {
  return { ...owner, keyUses: { ...owner.keyUses, [id]: use } }
}
