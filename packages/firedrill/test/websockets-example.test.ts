import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadWorld } from '../src/cli/load-world.ts';
import type { Verdict } from '../src/drill/index.ts';
import { judge, measure, readDrill, resolveDrill } from '../src/drill/index.ts';
import type { Plan, TimelineEvent } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';

/* The example of WebSockets through an edge: its drills end as they say, and as its README says of what is changed in them. */

const DRILLS = fileURLToPath(new URL('../../../examples/websockets/drills/', import.meta.url));

async function run(
  file: string,
  change: (plan: Plan) => Plan = (plan) => plan,
): Promise<{
  readonly events: readonly TimelineEvent[];
  readonly measures: ReturnType<typeof measure>;
  readonly verdict: Verdict;
}> {
  const drill = readDrill(DRILLS + file, readFileSync(DRILLS + file, 'utf8'));
  const world = await loadWorld(drill.value, new AbortController().signal);
  const resolved = resolveDrill(drill.value, world.value);
  expect([...drill.findings, ...world.findings, ...resolved.findings]).toEqual([]);
  const events: TimelineEvent[] = [];
  const plan = change(resolved.value);
  simulate(world.value, plan, (event) => void events.push(event));
  const measures = measure(events, plan);
  return { events, measures, verdict: judge(measures, drill.value.expectations) };
}

/** Where messages were answered from one second to another. */
function answeredBetween(events: readonly TimelineEvent[], from: number, until: number): readonly string[] {
  const of = events.flatMap(({ what, at, data }) =>
    what === 'request.ended' && data.webSocket === 'message' && at >= atSeconds(from) && at < atSeconds(until)
      ? [data.endpoint]
      : [],
  );
  return [...new Set(of)].toSorted();
}

test('CF 1.3, 4.21d: a Region goes while people chat: they are at the other one with their next handshake, and stay there', async () => {
  const { events, verdict } = await run('chat.yaml');
  expect(verdict.passed).toBe(true);
  expect(answeredBetween(events, 0, 60)).toEqual(['eu-west-1']);
  expect(answeredBetween(events, 70, 360)).toEqual(['us-east-1']);
});

test('what is lost then is laid to the WebSockets that were open, not to a failover that there had not to be', async () => {
  const { measures } = await run('chat.yaml');
  const [refused] = measures.streams.flatMap(({ faults }) => faults);
  expect(refused).toMatchObject({ fault: 'region-refuses', failed: 20, ending: 'failover' });
  expect(refused?.segments.map(({ kind }) => kind)).toEqual(['open-connections', 'timeouts']);
});

test('clients with a lifetime come back, and the next fault meets them', async () => {
  const { events } = await run('chat.yaml', (plan) => ({
    ...plan,
    probes: plan.probes.map((probe) => ({
      ...probe,
      ...(probe.webSocket === undefined ? {} : { webSocket: { ...probe.webSocket, lifetimeMs: 60_000 } }),
    })),
  }));
  expect(answeredBetween(events, 200, 235)).toEqual(['eu-west-1']);
  expect(events.some(({ what, at, data }) => what === 'request.ended' && at > atSeconds(240) && !data.success)).toBe(
    true,
  );
});

test('CF 4.21c: who only listens is cut off every ten minutes; an origin that speaks prevents it', async () => {
  const { verdict } = await run('quiet.yaml');
  expect(verdict.passed).toBe(true);
  const speaking = { answers: false, messageIntervalMs: 300_000 };
  const { events } = await run('quiet.yaml', (plan) => ({
    ...plan,
    origins: Object.fromEntries(
      Object.entries(plan.origins ?? {}).map(([name, model]) => [name, { ...model, webSocket: speaking }]),
    ),
  }));
  expect(events.flatMap(({ what, data }) => (what === 'request.ended' ? [data.success] : []))).toEqual([true]);
});
