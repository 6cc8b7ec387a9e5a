import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,test,validation}/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.e2e.test.ts', '**/*.gate.test.ts', '**/cdk.out/**'],
    // Nets for what hangs, not measures of what is fast: they hold on a machine many times as busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
