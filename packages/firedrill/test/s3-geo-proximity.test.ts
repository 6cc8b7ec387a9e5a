import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { check } from '../src/check/index.ts';
import { runExample } from './run-example.ts';

/* The example whose function chooses the nearest bucket by the Region that it runs in. */

test('each half of the world reads its own bucket, and fails with it', async () => {
  const file = fileURLToPath(new URL('../../../examples/s3-geo-proximity/drills/region-dies.yaml', import.meta.url));
  const { architecture, verdict } = await runExample(file);
  expect(check(architecture)).toEqual([]);
  expect(verdict.judgements.map(({ passed }) => passed)).toEqual([true, true, true, true]);
});
