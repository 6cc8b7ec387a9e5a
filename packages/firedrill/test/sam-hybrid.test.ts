import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { check } from '../src/check/index.ts';
import { loadWorld } from '../src/cli/load-world.ts';
import { judge, measure, readDrill, resolveDrill } from '../src/drill/index.ts';
import type { TimelineEvent } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';

/* The SAM example: its drill ends as it says, and its template is sound in both Regions. */

const DRILL = fileURLToPath(new URL('../../../examples/sam-hybrid/drills/region-dies.yaml', import.meta.url));

async function load() {
  const drill = readDrill(DRILL, readFileSync(DRILL, 'utf8'));
  const world = await loadWorld(drill.value, new AbortController().signal);
  const plan = resolveDrill(drill.value, world.value);
  expect([...drill.findings, ...world.findings, ...plan.findings]).toEqual([]);
  return { drill: drill.value, architecture: world.value, plan: plan.value };
}

describe('the SAM template, once per Region', () => {
  test('its drill ends as it says (CF 1.3)', async () => {
    const { drill, architecture, plan } = await load();
    const events: TimelineEvent[] = [];
    simulate(architecture, plan, (event) => void events.push(event));
    const verdict = judge(measure(events, plan), drill.expectations);
    expect(verdict.judgements.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict.judgements).toHaveLength(4);
  });

  test('what the drill gives as BackupApi is what the backup stack puts out', async () => {
    const { architecture } = await load();
    const [backup, primary] = architecture.stacks;
    const origins = architecture.distributions.flatMap((distribution) => distribution.origins);
    expect(origins.map(({ domainName }) => domainName)).toContain(backup?.outputs['ApiHost']);
    expect(Object.keys(primary?.outputs ?? {})).toEqual(['ApiHost', 'DistributionDomain']);
    expect(Object.keys(backup?.outputs ?? {})).toEqual(['ApiHost']);
  });

  test('there is no trap in it', async () => {
    const { architecture } = await load();
    expect(check(architecture)).toEqual([]);
  });
});
