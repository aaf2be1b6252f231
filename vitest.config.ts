import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of real processes: emulators, functions, `npm start`. */
const processes = ['test/e2e/**/*.test.ts', 'test/local/*.test.ts', 'test/local/emulators/**/*.test.ts'];

/** Tests of the console's page in a real browser: one for each file. */
const pages = ['test/console/web/**/*.test.ts'];

export default defineConfig({
  test: {
    environment: 'node',
    // Most of the time is spent waiting for emulators, not computing.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'product',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...processes, ...pages],
        },
      },
      {
        extends: true,
        test: { name: 'console', include: pages, globalSetup: 'test/console/web/prepare.ts', retry: 1 },
      },
      // A dozen processes on two cores: one that was starved gets two more chances before it counts.
      { extends: true, test: { name: 'processes', include: processes, retry: 2 } },
    ],
  },
});
