import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { LoadedWorld } from '../src/cli/load-world.ts';
import { loadWorld } from '../src/cli/load-world.ts';
import { check } from '../src/check/index.ts';
import { judge, measure, readDrill, resolveDrill } from '../src/drill/index.ts';
import type { TimelineEvent } from '../src/model/index.ts';
import { loadSandbox } from '../src/sandbox/index.ts';
import { simulate } from '../src/sim/index.ts';

/* The example of functions at the edge: its drills end as they say, and its templates are sound. */

const DRILLS = fileURLToPath(new URL('../../../examples/edge-functions/drills/', import.meta.url));
const loaded: LoadedWorld[] = [];
afterAll(async () => {
  for (const world of loaded) await world.dispose();
});
const sandbox = loadSandbox();

async function run(file: string) {
  const drill = readDrill(DRILLS + file, readFileSync(DRILLS + file, 'utf8'));
  const world = await loadWorld(drill.value, new AbortController().signal);
  loaded.push(world);
  const plan = resolveDrill(drill.value, world.value);
  expect([...drill.findings, ...world.findings, ...plan.findings]).toEqual([]);
  const events: TimelineEvent[] = [];
  simulate(world.value, plan.value, (event) => void events.push(event), await sandbox);
  const { expectations } = drill.value;
  return { events, verdict: judge(measure(events, plan.value), expectations), architecture: world.value };
}

describe('functions at the edge', () => {
  test.each(['headers-status-of-origin.yaml', 'headers-status-of-function.yaml', 'routed-by-function.yaml'])(
    'the drill %s ends as it says',
    async (file) => {
      const { verdict, events } = await run(file);
      expect(verdict.judgements.filter(({ passed }) => !passed)).toEqual([]);
      expect(verdict.judgements.length).toBeGreaterThan(0);
      const notes = events.flatMap((event) => (event.what === 'note' ? [event.data.says] : []));
      expect(notes.length).toBeGreaterThan(0);
      for (const says of notes) expect(says).toContain('is run as it is');
    },
    60_000,
  );

  test('its templates have no traps but the one that they are about', async () => {
    const { architecture } = await run('routed-by-function.yaml');
    const weighty = check(architecture).filter(({ weight }) => weight === 'error');
    expect(weighty).toEqual([]);
  });
});
