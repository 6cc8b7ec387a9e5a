import { describe, expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from '../../test/hybrid-architecture.ts';
import type { Architecture, Fault, Origin } from '../model/index.ts';
import { simulate } from './index.ts';

/* What users complain of about origin groups (CF §8), each as somebody would see it. */

interface Seen {
  readonly at: number;
  readonly seconds: number;
  readonly status: number;
  readonly endpoint: string;
}

/** The GETs of one viewer in Dublin at the hybrid distribution, by when they were sent. */
function seenBy(architecture: Architecture, faults: readonly Fault[], ratePerSecond = 1): readonly Seen[] {
  const seen: Seen[] = [];
  const one = probe('one', 'https://dhybrid.cloudfront.net/', { methods: ['GET'], places: ['Dublin'], ratePerSecond });
  simulate(architecture, hybridPlan(faults, { endSeconds: 240, probes: [one] }), ({ at, what, data }) => {
    if (what !== 'request.ended') return;
    const { sentAt, status, endpoint } = data;
    seen.push({ at: sentAt / 1e6, seconds: (at - sentAt) / 1e6, status, endpoint });
  });
  return seen.toSorted((a, b) => a.at - b.at);
}

/** Without failover of the primary's name, so that the origin group alone acts. */
function withoutDns(origin: Partial<Origin> = {}): Architecture {
  const architecture = hybridArchitecture({ origin });
  const recordSets = architecture.recordSets.map((record) => {
    const copy: { -readonly [Key in keyof typeof record]: (typeof record)[Key] } = { ...record };
    delete copy.healthCheckId;
    return copy;
  });
  return { ...architecture, recordSets };
}

describe('complaints about origin groups', () => {
  test('CF 8.3: a hung primary puts the 95th percentile at the response timeout of 30 s, with failover working', () => {
    const hung = seenBy(withoutDns({ connectionAttempts: 1 }), [primaryFault({ kind: 'hang' }, 30, 240)])
      .filter(({ at }) => at > 30 && at < 200)
      .map(({ seconds }) => seconds)
      .toSorted((a, b) => a - b);
    const p95 = hung[Math.floor(hung.length * 0.95)] ?? 0;
    expect(p95).toBeGreaterThan(30);
    expect(p95).toBeLessThan(30.6);
  });

  test('CF 8.2: every request pays for the dead primary, the hundredth like the first', () => {
    const origin = { connectionAttempts: 2, connectionTimeoutSeconds: 2 };
    const paid = seenBy(withoutDns(origin), [primaryFault({ kind: 'blackhole' }, 30, 240)]).filter(
      ({ at }) => at > 30 && at < 230,
    );
    expect(paid.length).toBeGreaterThan(190);
    expect(paid.filter(({ seconds, status }) => status !== 200 || seconds < 4 || seconds > 4.6)).toEqual([]);
  });

  test('CF 8.13: failback is instant, for every request by itself, and flaps as the primary does', () => {
    const faults = [30, 60, 90].map((from) => ({
      ...primaryFault({ kind: 'status', status: 503 }, from, from + 15),
      name: `flap-${from}`,
    }));
    const changes = seenBy(withoutDns(), faults)
      .map(({ endpoint }) => endpoint)
      .filter((endpoint, i, all) => endpoint !== all[i - 1]);
    expect(changes).toEqual([
      ...Array<number>(3)
        .fill(0)
        .flatMap(() => ['eu-west-1', 'us-east-1']),
      'eu-west-1',
    ]);
  });
});
