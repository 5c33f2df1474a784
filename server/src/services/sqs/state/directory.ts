import { ResourceDirectory } from '../../../core/resource-directory.ts'
import { queueArn } from '../queue-arn.ts'
import type { Queue } from './queue.ts'

/** All queues of a cell. */
export class Directory extends ResourceDirectory<Queue> {
  constructor() {
    super(queueArn)
  }
}
