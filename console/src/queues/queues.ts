import type { Section } from '../app/section.ts'
import { QueueList } from './queue-list.ts'
import { QueuePage } from './queue-page.ts'

/** Amazon SQS: the list of queues, and a page for each. */
export const queues: Section = {
  id: 'queues',
  title: 'Queues',
  open([queue = '', ...path], host) {
    return queue === '' ? new QueueList(host) : new QueuePage(host, queue, path)
  },
}
