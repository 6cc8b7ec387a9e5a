import { defineConfig } from 'vitest/config';

/** Real clients (curl, dig) against a local world; one file at a time, for worlds are real processes. */
export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.e2e.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    globalSetup: ['packages/firedrill/test/built-program.ts'],
  },
});
