import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { TimelineEvent } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import { runExample } from './run-example.ts';

/* The example of WebSockets through an edge: its drills end as they say, and as its README says of what is changed in them. */

const DRILLS = fileURLToPath(new URL('../../../examples/websockets/drills/', import.meta.url));

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
  const { events, verdict } = await runExample(`${DRILLS}chat.yaml`);
  expect(verdict.passed).toBe(true);
  expect(answeredBetween(events, 0, 60)).toEqual(['eu-west-1']);
  expect(answeredBetween(events, 70, 360)).toEqual(['us-east-1']);
});

test('what is lost then is laid to the WebSockets that were open, not to a failover that there had not to be', async () => {
  const { measures } = await runExample(`${DRILLS}chat.yaml`);
  const [refused] = measures.streams.flatMap(({ faults }) => faults);
  expect(refused).toMatchObject({ fault: 'region-refuses', failed: 20, ending: 'failover' });
  expect(refused?.segments.map(({ kind }) => kind)).toEqual(['open-connections', 'timeouts']);
});

test('clients with a lifetime come back, and the next fault meets them', async () => {
  const { events } = await runExample(`${DRILLS}chat.yaml`, (plan) => ({
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
  const { verdict } = await runExample(`${DRILLS}quiet.yaml`);
  expect(verdict.passed).toBe(true);
  const speaking = { answers: false, messageIntervalMs: 300_000 };
  const { events } = await runExample(`${DRILLS}quiet.yaml`, (plan) => ({
    ...plan,
    origins: Object.fromEntries(
      Object.entries(plan.origins ?? {}).map(([name, model]) => [name, { ...model, webSocket: speaking }]),
    ),
  }));
  expect(events.flatMap(({ what, data }) => (what === 'request.ended' ? [data.success] : []))).toEqual([true]);
});
