#!/usr/bin/env node
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
if (existsSync(main)) await import(main.href)
else {
  console.error('millrace has not been built in this checkout. Run `npm run build` first, or `npm start`.')
  process.exitCode = 1
}
