import { beforeAll, describe, expect, test } from 'vitest';
import type { Plan, Probe, TimelineEvent } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/*
 * Users behind many resolvers, and users that keep their connections, are the same in virtual time and on real sockets.
 */

const SPEED = 15;
const ARCHITECTURE = hybridArchitecture();

function users(name: string, more: Partial<Probe>): Probe {
  return probe(name, 'https://api.example.com/', { methods: ['GET'], ratePerSecond: 2, timeoutMs: 10_000, ...more });
}

/** Users at the primary at a second. */
function atPrimary(events: readonly TimelineEvent[], name: string, second: number): number {
  const last = events.findLast(
    (event) => event.what === 'clients.counted' && event.data.probe === name && event.at <= second * 1e6,
  );
  return last?.what === 'clients.counted' ? (last.data.endpoints['eu-west-1'] ?? 0) : -1;
}

/** What became of the requests of one kind of users that were sent between two seconds, as `503 eu-west-1`, each once. */
function ends(events: readonly TimelineEvent[], name: string, from: number, to: number): readonly string[] {
  const all = events.flatMap((event) => {
    if (event.what !== 'request.ended' || event.data.probe !== name) return [];
    const { sentAt, end, status, endpoint } = event.data;
    return sentAt >= from * 1e6 && sentAt < to * 1e6 ? [end === 'answered' ? `${status} ${endpoint}` : end] : [];
  });
  return [...new Set(all)].toSorted();
}

type Ended = Extract<TimelineEvent, { what: 'request.ended' }>['data'];

/** Requests of each client of a kind of users, in the order in which they were sent: clients send in turn. */
function byClient(events: readonly TimelineEvent[], name: string, clients: number): readonly (readonly Ended[])[] {
  const all = events
    .flatMap((event) => (event.what === 'request.ended' && event.data.probe === name ? [event.data] : []))
    .toSorted((one, other) => one.sentAt - other.sentAt);
  return Array.from({ length: clients }, (_, client) => all.filter((_request, n) => n % clients === client));
}

interface Runs {
  readonly sim: readonly TimelineEvent[];
  readonly local: readonly TimelineEvent[];
}

async function both(plan: Plan): Promise<Runs> {
  const sim: TimelineEvent[] = [];
  simulate(ARCHITECTURE, plan, (event) => void sim.push(event));
  return { sim, local: await runLocal(ARCHITECTURE, plan, SPEED) };
}

const MIX = [
  { preset: 'plain', share: 0.8 },
  { preset: 'mobile-operator', share: 0.2 },
] as const;
const KEEP_ALIVE = { idleMs: 60_000, lifetimeMs: 3_600_000 };

describe('an endpoint that answers errors', () => {
  let runs: Runs;

  beforeAll(async () => {
    const probes = [
      users('many', { population: { clients: 200, resolvers: MIX } }),
      users('connected', {
        keepAlive: KEEP_ALIVE,
        population: { clients: 4, resolvers: [{ preset: 'plain', share: 1 }] },
      }),
    ];
    runs = await both({
      ...hybridPlan([primaryFault({ kind: 'status', status: 503 }, 45)], { endSeconds: 160 }),
      probes,
    });
  });

  test.each(['sim', 'local'] as const)(
    'R53 TL-05, RV-14: in %s its users leave it within a TTL, but for those of mobile operators',
    (driver) => {
      const events = runs[driver];
      expect(atPrimary(events, 'many', 44)).toBe(200);
      // Detection takes 27 to 33 s, then 5 s until DNS answers otherwise.
      expect(atPrimary(events, 'many', 155)).toBeLessThanOrEqual(42);
      expect(atPrimary(events, 'many', 155)).toBeGreaterThanOrEqual(34);
    },
  );

  test('half of them have left at about the same moment in both', () => {
    const half = ['sim', 'local'].map((driver) => {
      const events = runs[driver as keyof Runs];
      return Array.from({ length: 160 }, (_, second) => second).find((second) => {
        const left = atPrimary(events, 'many', second);
        return left >= 0 && second > 45 && left <= 100;
      });
    });
    expect(Math.abs((half[0] ?? 0) - (half[1] ?? 999))).toBeLessThan(12);
  });

  test.each(['sim', 'local'] as const)('R53 RV-16: in %s who keeps a connection stays and gets errors', (driver) => {
    const clients = byClient(runs[driver], 'connected', 4);
    // A busy machine may have one of them wait for longer than its patience: that one connects anew, where DNS leads by then.
    const kept = clients.filter((requests) => requests.every(({ end }) => end === 'answered'));
    expect(kept.length).toBeGreaterThanOrEqual(driver === 'sim' ? 4 : 1);
    for (const requests of kept) {
      const later = requests.filter(({ sentAt }) => sentAt >= 50e6);
      expect(later.length).toBeGreaterThan(50);
      expect([...new Set(later.map(({ status, endpoint }) => `${status} ${endpoint}`))]).toEqual(['503 eu-west-1']);
    }
  });

  test('R53 RV-16: who keeps a connection is counted where it leads, long after DNS leads elsewhere', () => {
    // In local, a request that happens to be under way has taken its client's only connection along.
    const most = Math.max(...Array.from({ length: 50 }, (_, n) => atPrimary(runs.local, 'connected', 105 + n)));
    expect(atPrimary(runs.sim, 'connected', 155)).toBe(4);
    expect(most).toBeGreaterThanOrEqual(1);
  });
});

describe('a Region that vanishes', () => {
  let runs: Runs;

  beforeAll(async () => {
    const probes = [users('connected', { ratePerSecond: 1, keepAlive: KEEP_ALIVE })];
    runs = await both({ ...hybridPlan([primaryFault({ kind: 'blackhole' }, 30)], { endSeconds: 180 }), probes });
  });

  test.each(['sim', 'local'] as const)(
    'R53 RV-16: in %s requests on open connections wait in vain, then users connect where DNS leads',
    (driver) => {
      expect(ends(runs[driver], 'connected', 0, 25)).toEqual(['200 eu-west-1']);
      expect(ends(runs[driver], 'connected', 34, 60)).toEqual(['timeout']);
      expect(ends(runs[driver], 'connected', 165, 180)).toEqual(['200 us-east-1']);
    },
  );
});

describe('a service that refuses connections', () => {
  let runs: Runs;

  beforeAll(async () => {
    const probes = [users('connected', { ratePerSecond: 1, keepAlive: KEEP_ALIVE })];
    runs = await both({ ...hybridPlan([primaryFault({ kind: 'refuse' }, 20, 40)], { endSeconds: 60 }), probes });
  });

  test.each(['sim', 'local'] as const)(
    'R53 RV-16: in %s breaks the connections that were open, and new ones fail until it is healed',
    (driver) => {
      expect(ends(runs[driver], 'connected', 24, 36)).toEqual(['refused']);
      expect(ends(runs[driver], 'connected', 44, 60)).toEqual(['200 eu-west-1']);
    },
  );
});

/** The time to the first byte of the second request on, in milliseconds: without a handshake it is one round trip. */
test.each(['sim', 'local'] as const)(
  'R53 RV-16: in %s a connection that is kept saves the handshakes',
  async (driver) => {
    const far = (name: string, more: Partial<Probe>): Probe =>
      users(name, { places: ['Tokyo'], ratePerSecond: 1, ...more });
    const plan = {
      ...hybridPlan([], { endSeconds: 15 }),
      probes: [far('anew', {}), far('kept', { keepAlive: KEEP_ALIVE })],
    };
    const events = driver === 'sim' ? (await both(plan)).sim : await runLocal(ARCHITECTURE, plan, 1);
    // The quickest, for any other may have waited for this machine.
    const least = (name: string): number =>
      Math.min(
        ...events.flatMap((event) =>
          event.what === 'request.ended' && event.data.probe === name && event.data.sentAt > 2e6
            ? [event.data.ttfbMs]
            : [],
        ),
      );
    expect(least('kept')).toBeLessThan(least('anew') * (driver === 'sim' ? 0.5 : 1));
  },
);
