import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Verdict } from '../src/drill/index.ts';
import type { Plan, TimelineEvent } from '../src/model/index.ts';
import { runExample } from './run-example.ts';

/* The example of what fails over, and when functions run: its drills end as they say. */

const DRILLS = fileURLToPath(new URL('../../../examples/origin-failover/drills/', import.meta.url));

type Ended = Extract<TimelineEvent, { readonly what: 'request.ended' }>['data'];

async function run(
  file: string,
  change?: (plan: Plan) => Plan,
): Promise<{ readonly requests: readonly Ended[]; readonly verdict: Verdict }> {
  const { events, verdict } = await runExample(DRILLS + file, change);
  return { requests: events.flatMap((event) => (event.what === 'request.ended' ? [event.data] : [])), verdict };
}

/** What a probe saw in the middle of each fault, by second. */
function seen(requests: readonly Ended[], probe: string, seconds: readonly number[]): readonly string[] {
  return seconds.map((second) => {
    const request = requests.find((each) => each.probe === probe && each.sentAt >= second * 1e6);
    return `${second} ${request?.status ?? 'none'} ${request?.endpoint ?? ''}`;
  });
}

const MOMENTS = [25, 75, 135, 195, 255, 315, 375];

test('CF 8.14: whether names, certificates, connections and silences fail over is no matter of opinion', async () => {
  const { requests, verdict } = await run('what-fails-over.yaml');
  expect(seen(requests, 'careful', MOMENTS)).toEqual([
    '25 200 us-east-1',
    '75 200 us-east-1',
    '135 200 us-east-1',
    '195 200 us-east-1',
    '255 200 us-east-1',
    '315 200 us-east-1',
    '375 403 eu-west-1',
  ]);
  expect(seen(requests, 'hasty', MOMENTS)).toEqual([
    '25 200 us-east-1',
    '75 200 us-east-1',
    '135 502 edge',
    '195 504 edge',
    '255 504 edge',
    '315 200 us-east-1',
    '375 403 eu-west-1',
  ]);
  expect(verdict.passed).toBe(true);
});

test('CF 8.14, 1.7: as documented until 2023, a failure without an answer fails over whatever is listed', async () => {
  const { requests } = await run('what-fails-over.yaml', (plan) => ({
    ...plan,
    switches: { ...plan.switches, 'cloudfront.failover-criteria': 'legacy' },
  }));
  expect(seen(requests, 'hasty', MOMENTS).slice(2, 5)).toEqual([
    '135 200 us-east-1',
    '195 200 us-east-1',
    '255 200 us-east-1',
  ]);
});

test('CF 8.11: the published experiment on a bucket, in virtual time: over in half a minute, and back in half a minute', async () => {
  const { requests, verdict } = await run('deny-and-invalidate.yaml');
  expect(verdict.passed).toBe(true);
  expect(seen(requests, 'site', [30, 91, 211])).toEqual(['30 200 eu-west-1', '91 200 us-east-1', '211 200 eu-west-1']);
});

test('CF 8.12: what a function at origin-request answers is the answer, and it runs on misses only', async () => {
  const { requests, verdict } = await run('functions-on-misses.yaml');
  expect(verdict.passed).toBe(true);
  const slow = (probe: string): number => requests.filter((each) => each.probe === probe && each.ttfbMs >= 800).length;
  expect([slow('kept'), slow('now')]).toEqual([1, 120]);
});
