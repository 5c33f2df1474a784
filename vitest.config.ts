import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{server/{src,test},console/src,bench/src}/**/*.test.ts', 'scripts/**/*.test.mjs'],
    // A hang is to fail; a busy machine, on which everything takes four times as long, is not.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // Two cores, and several suites start servers: more workers would only time each other out.
    maxWorkers: 2,
  },
})
