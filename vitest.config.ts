import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,test,validation}/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.e2e.test.ts', '**/*.gate.test.ts', '**/cdk.out/**'],
    testTimeout: 60_000,
  },
});
