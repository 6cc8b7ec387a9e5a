import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { functionOf, LONG_MS, open } from '../../test/open-function.ts';

/** Collects all garbage now, whatever this program was started with. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const CALLS = 20;

test('what a function has returned is kept by nobody while its process lives on', async () => {
  const { invoke } = await open(functionOf('exports.handler = async () => ({ large: "x".repeat(1000) })'));
  const results: WeakRef<object>[] = [];
  for (let i = 0; i < CALLS; i++) {
    const came = await invoke({}, LONG_MS);
    results.push(new WeakRef((came.kind === 'returned' ? came.payload : came) as object));
  }
  await turn();
  collectGarbage();
  // The latest may still be in somebody's hands.
  expect(results.filter((result) => result.deref() !== undefined).length).toBeLessThan(CALLS / 2);
});
