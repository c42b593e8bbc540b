import { defineConfig } from 'vitest/config'

/** Suites that need the run's MariaDB. */
const STORE = ['test/support/global-mariadb.ts']

const project = (name: string, timeout: number, globalSetup: string[] = []) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    globalSetup,
    testTimeout: timeout,
    hookTimeout: Math.max(timeout, 60_000),
  },
})

export default defineConfig({
  test: {
    // Two cores: more workers than that only take memory from the servers under test.
    maxWorkers: 2,
    projects: [
      project('unit', 20_000),
      project('contract', 60_000, STORE),
      project('flow', 180_000, STORE),
      project('platform', 120_000, STORE),
      project('browser', 180_000, STORE),
    ],
  },
})
