import type { Section } from './app/section.ts'
import { queues } from './queues/queues.ts'

/** In the order of the navigation. The first is where the console begins. A section is a folder, and a word here. */
export const SECTIONS: readonly [Section, ...Section[]] = [queues]
