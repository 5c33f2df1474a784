import { ResourceDirectory } from '../../../core/resource-directory.ts'
import { queueArn } from '../queue-arn.ts'
import { isInternalName } from '../queue-name.ts'
import type { Queue } from './queue.ts'

/** All queues of a cell. Those that no client made are in no list. */
export class Directory extends ResourceDirectory<Queue> {
  constructor() {
    super(queueArn, (name) => !isInternalName(name))
  }
}
