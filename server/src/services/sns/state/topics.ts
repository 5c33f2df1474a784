import { ResourceDirectory } from '../../../core/resource-directory.ts'
import { topicArn } from '../topic-arn.ts'
import type { Topic } from './topic.ts'

/** All topics of a cell. */
export class Topics extends ResourceDirectory<Topic> {
  constructor() {
    super(topicArn)
  }
}
