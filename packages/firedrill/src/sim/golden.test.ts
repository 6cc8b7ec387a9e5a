import { expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from '../../test/hybrid-architecture.ts';
import type { TimelineEvent } from '../model/index.ts';
import { simulate } from './index.ts';

/*
 * One drill, written down. Whoever changes a line of it changes what the simulator says of every estate: judge it in
 * the diff. `npx vitest run packages/firedrill/src/sim/golden.test.ts -u` writes it anew.
 */
const EVENTS: TimelineEvent[] = [];
simulate(
  hybridArchitecture(),
  hybridPlan([primaryFault({ kind: 'blackhole' }, 20, 110)], {
    seed: 'golden',
    endSeconds: 180,
    probes: [
      probe('route53-only', 'https://droute53.cloudfront.net/', { ratePerSecond: 0.05, timeoutMs: 40_000 }),
      probe('hybrid', 'https://dhybrid.cloudfront.net/', { ratePerSecond: 0.05, timeoutMs: 40_000 }),
    ],
  }),
  (event) => void EVENTS.push(event),
);

test('the timeline of a black-holed Region is the one written down', async () => {
  const lines = EVENTS.map(({ at, seq, cause, what, data }) => {
    const because = cause === 0 ? '' : ` < ${cause}`;
    return `${(at / 1e6).toFixed(6)} ${seq}${because} ${what} ${JSON.stringify(data)}`;
  });
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden-timeline.txt');
});
