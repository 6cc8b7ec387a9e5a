import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { loadWorld } from '../src/cli/load-world.ts';
import { judge, measure, readDrill, resolveDrill } from '../src/drill/index.ts';
import type { Verdict } from '../src/drill/index.ts';
import type { Architecture, Plan, TimelineEvent } from '../src/model/index.ts';
import { loadSandbox } from '../src/sandbox/index.ts';
import { simulate } from '../src/sim/index.ts';

const sandbox = loadSandbox();

/** What came of a drill. */
export interface ExampleRun {
  readonly architecture: Architecture;
  readonly events: readonly TimelineEvent[];
  readonly measures: ReturnType<typeof measure>;
  readonly verdict: Verdict;
}

/**
 * Runs a drill of an example in virtual time. Its files must have nothing that anybody would find fault with.
 * @param change of what is run, for what would happen otherwise.
 */
export async function runExample(file: string, change: (plan: Plan) => Plan = (plan) => plan): Promise<ExampleRun> {
  const drill = readDrill(file, readFileSync(file, 'utf8'));
  const world = await loadWorld(drill.value, new AbortController().signal);
  try {
    const resolved = resolveDrill(drill.value, world.value);
    expect([...drill.findings, ...world.findings, ...resolved.findings]).toEqual([]);
    const events: TimelineEvent[] = [];
    const plan = change(resolved.value);
    simulate(world.value, plan, (event) => void events.push(event), await sandbox);
    const measures = measure(events, plan);
    return { architecture: world.value, events, measures, verdict: judge(measures, drill.value.expectations) };
  } finally {
    await world.dispose();
  }
}
