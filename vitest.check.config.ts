import { defineConfig } from 'vitest/config';

/** The house rules: what `npm run check` holds besides compiler and linter. */
export default defineConfig({
  test: { include: ['packages/*/{src,test}/**/*.gate.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
});
