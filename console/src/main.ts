import { Console } from './app/console.ts'
import { SECTIONS } from './sections.ts'

void new Console(document.body, SECTIONS).start()
