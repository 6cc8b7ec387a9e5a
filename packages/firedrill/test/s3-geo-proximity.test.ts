import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadWorld } from '../src/cli/load-world.ts';
import { check } from '../src/check/index.ts';
import { judge, measure, readDrill, resolveDrill } from '../src/drill/index.ts';
import type { TimelineEvent } from '../src/model/index.ts';
import { loadSandbox } from '../src/sandbox/index.ts';
import { simulate } from '../src/sim/index.ts';

/* The example whose function chooses the nearest bucket by the Region that it runs in. */

test('each half of the world reads its own bucket, and fails with it', async () => {
  const file = fileURLToPath(new URL('../../../examples/s3-geo-proximity/drills/region-dies.yaml', import.meta.url));
  const drill = readDrill(file, readFileSync(file, 'utf8'));
  const world = await loadWorld(drill.value, new AbortController().signal);
  const plan = resolveDrill(drill.value, world.value);
  expect([...drill.findings, ...world.findings, ...plan.findings]).toEqual([]);
  expect(check(world.value)).toEqual([]);
  const events: TimelineEvent[] = [];
  simulate(world.value, plan.value, (event) => void events.push(event), await loadSandbox());
  const verdict = judge(measure(events, plan.value), drill.value.expectations);
  expect(verdict.judgements.map(({ passed }) => passed)).toEqual([true, true, true, true]);
  await world.dispose();
}, 60_000);
