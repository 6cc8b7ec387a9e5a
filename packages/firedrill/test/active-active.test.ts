import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture, Fault, Plan, TimelineEvent } from '../src/model/index.ts';
import { atSeconds, NEVER } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import type { Example } from './run-example.ts';
import { loadExample, runExample } from './run-example.ts';

/* The example with several Regions that all answer: its own drills, and what they are about, over many seeds. */

const DRILLS = fileURLToPath(new URL('../../../examples/active-active/drills/', import.meta.url));

function run(architecture: Architecture, plan: Plan): readonly TimelineEvent[] {
  const events: TimelineEvent[] = [];
  simulate(architecture, plan, (event) => void events.push(event));
  return events;
}

test.each(['region-dies.yaml', 'drained-region-dies.yaml', 'drain.yaml'])(
  'the drill %s ends as it says',
  async (file) => {
    const { verdict } = await runExample(DRILLS + file);
    expect(verdict.judgements.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict.judgements.length).toBeGreaterThan(0);
  },
  60_000,
);

describe('weights over many edge locations and hours', () => {
  let estate: Example;
  beforeAll(async () => {
    estate = await loadExample(`${DRILLS}region-dies.yaml`);
  });

  /** Where an hour of requests through edge locations in many cities was answered, as shares. */
  function shares(weights: Readonly<Record<string, number>>, seed: string): Record<string, number> {
    const { architecture, plan } = estate;
    const recordSets = architecture.recordSets.map((record) =>
      record.policy.kind === 'weighted'
        ? { ...record, policy: { ...record.policy, weight: weights[record.policy.setIdentifier] ?? 0 } }
        : record,
    );
    const [, shared] = plan.probes;
    if (shared === undefined) throw new Error('The drill has a probe of the shared name.');
    const places = ['Dublin', 'Tokyo', 'Boston', 'Sydney', 'Madrid', 'Chicago', 'Seoul', 'Paris', 'Oslo', 'Rome'];
    const probes = [{ ...shared, places, ratePerSecond: 1 / 60 }];
    const counts: Record<string, number> = {};
    let all = 0;
    for (const event of run(
      { ...architecture, recordSets },
      { ...plan, seed, probes, faults: [], end: atSeconds(3600) },
    )) {
      if (event.what !== 'request.ended') continue;
      counts[event.data.endpoint] = (counts[event.data.endpoint] ?? 0) + 1;
      all += 1;
    }
    return Object.fromEntries(Object.entries(counts).map(([endpoint, count]) => [endpoint, count / all]));
  }

  test('R53 RP-07: traffic is shared by weight, as each edge location draws anew once a minute', () => {
    const found = shares({ 'eu-west-1': 60, 'us-east-1': 30, 'ap-northeast-1': 10 }, '1');
    expect(Math.abs((found['eu-west-1'] ?? 0) - 0.6)).toBeLessThan(0.07);
    expect(Math.abs((found['us-east-1'] ?? 0) - 0.3)).toBeLessThan(0.07);
    expect(Math.abs((found['ap-northeast-1'] ?? 0) - 0.1)).toBeLessThan(0.05);
  });

  test('R53 RP-08: a Region that is drained by weight 0 gets nothing while another is healthy', () => {
    expect(Object.keys(shares({ 'eu-west-1': 0, 'us-east-1': 100, 'ap-northeast-1': 0 }, '1'))).toEqual(['us-east-1']);
  });

  test('the same seed draws the same, another seed otherwise', () => {
    const weights = { 'eu-west-1': 50, 'us-east-1': 50 };
    expect(shares(weights, 'a')).toEqual(shares(weights, 'a'));
    expect(shares(weights, 'a')).not.toEqual(shares(weights, 'b'));
  });
});

describe('the drain by weights, step by step', () => {
  let estate: Example;
  beforeAll(async () => {
    estate = await loadExample(`${DRILLS}drain.yaml`);
  });

  /** Share of Europe in what was answered from one minute to another, over some seeds. */
  function european(answered: readonly { readonly at: number; readonly by: string }[], from: number, until: number) {
    const meanwhile = answered.filter(({ at }) => at >= from * 60e6 && at < until * 60e6);
    return meanwhile.filter(({ by }) => by === 'eu-west-1').length / meanwhile.length;
  }

  test('R53 RP-07, CH-08: two minutes after each step Europe answers what its weight says, and in the end nothing', () => {
    const { architecture, plan } = estate;
    const seeds = Array.from({ length: 20 }, (_, index) => `${index}`);
    const answered = seeds.flatMap((seed) =>
      run(architecture, { ...plan, seed }).flatMap(({ what, at, data }) =>
        what === 'request.ended' ? [{ at, by: data.endpoint ?? '' }] : [],
      ),
    );
    expect(european(answered, 0, 2)).toBe(1);
    expect(Math.abs(european(answered, 4, 5) - 0.75)).toBeLessThan(0.1);
    expect(Math.abs(european(answered, 7, 8) - 0.5)).toBeLessThan(0.1);
    expect(Math.abs(european(answered, 10, 11) - 0.1)).toBeLessThan(0.06);
    // Nobody is there any more when it is switched off.
    expect(european(answered, 13, 18)).toBe(0);
  });

  test('R53 CH-08, ST-08: while the control plane is down no step is taken, and Europe keeps what it had', () => {
    const { architecture, plan } = estate;
    const fault: Fault = {
      name: 'control plane',
      target: { kind: 'control-plane', controlPlane: 'route53' },
      effect: { kind: 'status', status: 503 },
      share: 1,
      from: atSeconds(0),
      until: NEVER,
    };
    const events = run(architecture, { ...plan, faults: [fault], end: atSeconds(900) });
    const outcomes = events.flatMap(({ what, data }) =>
      what === 'action.performed' ? [data.code ?? data.outcome] : [],
    );
    expect(new Set(outcomes)).toEqual(new Set(['ServiceUnavailable']));
    const answered = events.flatMap(({ what, at, data }) =>
      what === 'request.ended' ? [{ at, by: data.endpoint ?? '' }] : [],
    );
    expect(european(answered, 0, 15)).toBe(1);
  });
});
