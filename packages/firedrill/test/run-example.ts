import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { loadWorld } from '../src/cli/load-world.ts';
import { judge, measure, readDrill, resolveDrill } from '../src/drill/index.ts';
import type { Drill, Verdict } from '../src/drill/index.ts';
import type { Architecture, Plan, TimelineEvent } from '../src/model/index.ts';
import { loadSandbox } from '../src/sandbox/index.ts';
import { simulate } from '../src/sim/index.ts';

const sandbox = loadSandbox();

/** A drill of an example, and what it is about. */
export interface Example {
  readonly drill: Drill;
  readonly architecture: Architecture;
  readonly plan: Plan;
}

/** What came of a drill. */
export interface ExampleRun {
  readonly architecture: Architecture;
  readonly events: readonly TimelineEvent[];
  readonly measures: ReturnType<typeof measure>;
  readonly verdict: Verdict;
}

/** Reads a drill of an example with its estate, for virtual time. Its files must have nothing that anybody would find fault with. */
export async function loadExample(file: string): Promise<Example> {
  const drill = readDrill(file, readFileSync(file, 'utf8'));
  const world = await loadWorld(drill.value, new AbortController().signal);
  // What it has unpacked is for handlers in processes of their own.
  await world.dispose();
  const plan = resolveDrill(drill.value, world.value);
  expect([...drill.findings, ...world.findings, ...plan.findings]).toEqual([]);
  return { drill: drill.value, architecture: world.value, plan: plan.value };
}

/**
 * Runs a drill of an example in virtual time.
 * @param change of what is run, for what would happen otherwise.
 * @param rebuild the estate, likewise.
 */
export async function runExample(
  file: string,
  change: (plan: Plan) => Plan = (plan) => plan,
  rebuild: (architecture: Architecture) => Architecture = (architecture) => architecture,
): Promise<ExampleRun> {
  const example = await loadExample(file);
  const [architecture, plan] = [rebuild(example.architecture), change(example.plan)];
  const events: TimelineEvent[] = [];
  simulate(architecture, plan, (event) => void events.push(event), await sandbox);
  const measures = measure(events, plan);
  return { architecture, events, measures, verdict: judge(measures, example.drill.expectations) };
}
