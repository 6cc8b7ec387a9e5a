import { describe, expect, test } from 'vitest';
import {
  BACKUP,
  hybridArchitecture,
  hybridPlan,
  PRIMARY,
  primaryFault,
  probe,
} from '../../test/hybrid-architecture.ts';
import { putting, stopArchitecture, stopPlan, TAKE_OVER } from '../../test/stop-architecture.ts';
import type { Architecture, RecordSet, TimelineEvent } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import type { World } from '../engine/index.ts';
import type { Deed } from './succession.fixture.ts';
import { keptFor, linesOf, replacing, runWith } from './succession.fixture.ts';

/* An estate takes the place of another while the world runs. */

const DEAD = primaryFault({ kind: 'blackhole' }, 20);
const NAME = 'api.example.com';

function recordNamed(name: string, value: string, more: Partial<RecordSet> = {}): RecordSet {
  return {
    zoneId: 'Z0EXAMPLE',
    name,
    type: 'TXT',
    ttlSeconds: 60,
    values: [value],
    policy: { kind: 'simple' },
    stack: 's',
    ...more,
  };
}

/** What name servers say of a name at a second. */
function asking(atSecond: number, name: string, told: string[], type = 'TXT'): Deed {
  return {
    atSecond,
    do: (simulation, world) => {
      const [asker] = world.vantages;
      if (asker === undefined) throw new Error('a world has places');
      const { rcode, answers } = world.answer({ name, type }, asker, simulation.at);
      told.push(rcode === 'NOERROR' ? answers.map(({ data }) => data).join() : rcode);
    },
  };
}

function healthOf(events: readonly TimelineEvent[]): string[] {
  return events.flatMap(({ at, what, data }) =>
    what === 'health-check.changed'
      ? [`${Math.floor(at / 1e6)} ${data.healthCheck} ${data.healthy ? 'healthy' : 'unhealthy'}`]
      : [],
  );
}

describe('health checks', () => {
  const whole = hybridArchitecture();
  const [primary, backup] = whole.healthChecks;
  if (primary === undefined || backup === undefined) throw new Error('the estate has two health checks');
  const plan = hybridPlan([DEAD], { endSeconds: 200, probes: [] });

  test('a status survives: what was found unhealthy is not found so anew', () => {
    const more: Architecture = { ...whole, recordSets: [...whole.recordSets, recordNamed('new.example.com', '"new"')] };
    const changes = healthOf(runWith(whole, plan, [replacing(100, more)]));
    expect(changes).toEqual([expect.stringMatching(/^\d+ check-eu-west-1 unhealthy$/)]);
    expect(changes).toEqual(healthOf(runWith(whole, plan, [])));
  });

  test('R53 HC-25: a new check is healthy until its own checkers have found otherwise, three times in a row from now on', () => {
    const twin = { ...primary, id: 'twin' };
    const events = runWith(whole, plan, [replacing(100, { ...whole, healthChecks: [primary, backup, twin] })]);
    const [first, second] = healthOf(events);
    expect(first).toContain('check-eu-west-1 unhealthy');
    const at = Number(second?.split(' ')[0]);
    expect(second).toContain('twin unhealthy');
    // Checkers begin within one interval; each needs three timeouts of 4 s, 10 s apart.
    expect(at).toBeGreaterThan(100 + 2 * 14);
    expect(at).toBeLessThan(100 + 10 + 3 * 14);
  });

  test('a check that is gone is not looked at any more', () => {
    const late = primaryFault({ kind: 'blackhole' }, 60);
    const without = { ...whole, healthChecks: [backup] };
    const events = runWith(whole, { ...plan, faults: [late] }, [replacing(40, without)]);
    expect(linesOf(events, 'checker.changed')).toEqual([]);
  });

  test('what an operator has changed stays until the template changes, which is then on top', () => {
    const told: unknown[] = [];
    const invert: Deed = {
      atSecond: 10,
      do: (simulation, world) => {
        const action = { kind: 'update-health-check', healthCheck: primary.id, inverted: true } as const;
        told.push(world.control.perform(action, { now: simulation.at }).result.kind);
      },
    };
    const look = (atSecond: number): Deed => ({
      atSecond,
      do: (_simulation, world) => {
        const found = world.control.healthCheck(primary.id);
        told.push([found?.check.inverted, found?.healthy]);
      },
    });
    const changed = { ...whole, healthChecks: [{ ...primary, failureThreshold: 5 }, backup] };
    runWith(whole, { ...plan, faults: [] }, [
      invert,
      replacing(20, structuredClone(whole)),
      look(21),
      replacing(30, changed),
      look(31),
    ]);
    expect(told).toEqual(['done', [true, false], [false, true]]);
  });
});

describe('caches', () => {
  const cachePolicy = keptFor({ defaultTtlSeconds: 600, maxTtlSeconds: 600 });
  const whole = hybridArchitecture({ cachePolicy });
  const plan = hybridPlan(
    [
      { ...DEAD, target: { kind: 'region', region: PRIMARY } },
      { ...DEAD, name: 'both', target: { kind: 'region', region: BACKUP } },
    ],
    { endSeconds: 100, probes: [probe('a', 'https://dhybrid.cloudfront.net/', { methods: ['GET'] })] },
  );

  test('what a distribution has kept it keeps, also when it is changed itself', () => {
    const changed = whole.distributions.map((each) => ({ ...each, defaultRootObject: 'index.html' }));
    const results = (deeds: readonly Deed[]): unknown[] =>
      runWith(whole, plan, deeds).flatMap(({ what, data }) => (what === 'request.ended' ? [data.result] : []));
    expect(new Set(results([]).slice(1))).toEqual(new Set(['Hit']));
    expect(results([replacing(50, { ...whole, functions: [] })])).toEqual(results([]));
    // The root is another object from then on, which nobody has kept: both origins are dead.
    expect(new Set(results([replacing(50, { ...whole, distributions: changed })]).slice(60))).toEqual(
      new Set(['Error']),
    );
  });
});

describe('alarms', () => {
  const whole = stopArchitecture();
  const alarmsIn = (events: readonly TimelineEvent[]): string[] => linesOf(events, 'alarm.changed');

  test('RS 1.1: an alarm keeps its state when another comes, which begins without any', () => {
    const second = { ...TAKE_OVER, name: 'second', arn: `${TAKE_OVER.arn}-2` };
    const plan = stopPlan([putting(1, 10)], { endSeconds: 300 });
    const states: unknown[] = [];
    const look = (atSecond: number): Deed => ({
      atSecond,
      do: (_simulation, world) => void states.push(world.control.alarms().map(({ state }) => state)),
    });
    const more = { ...whole, metricAlarms: [TAKE_OVER, second] };
    runWith(whole, plan, [look(100), replacing(100, more), look(100)]);
    expect(states).toEqual([['ALARM'], ['ALARM', 'INSUFFICIENT_DATA']]);
  });

  test('metrics that no alarm looked at are there for one that comes later', () => {
    const plan = stopPlan([], { endSeconds: 200 });
    const put: Deed = {
      atSecond: 55,
      do: (simulation, world) => {
        world.control.perform(putting(1, 0).action, { now: simulation.at });
      },
    };
    const events = runWith({ ...whole, metricAlarms: [] }, plan, [put, replacing(59, whole)]);
    expect(alarmsIn(events)[0]).toMatch(/^\d+(?:\.\d+)? alarm\.changed .*"to|"state":"ALARM"/);
  });

  test('an alarm that is gone is not evaluated any more', () => {
    const plan = stopPlan([putting(1, 70)], { endSeconds: 300 });
    expect(alarmsIn(runWith(whole, plan, [replacing(65, { ...whole, metricAlarms: [] })]))).toEqual([]);
    expect(alarmsIn(runWith(whole, plan, []))).not.toEqual([]);
  });
});

describe('records', () => {
  const plan = hybridPlan([], { endSeconds: 300, probes: [], switches: { 'route53.change-propagation-seconds': 0 } });
  const estate = (...records: readonly RecordSet[]): Architecture => {
    const whole = hybridArchitecture();
    return { ...whole, recordSets: [...whole.recordSets, ...records] };
  };
  const one = recordNamed('one.example.com', '"declared"');
  const writing = (atSecond: number, value: string): Deed => ({
    atSecond,
    do: (simulation, world) => {
      const { stack: _stack, zoneId: hostedZoneId, ...recordSet } = { ...one, values: [value] };
      const changes = [{ action: 'UPSERT', recordSet } as const];
      const { begun } = world.control.perform(
        { kind: 'change-record-sets', hostedZoneId, changes },
        { now: simulation.at },
      );
      simulation.go(begun);
    },
  });

  test('a name that is gone is NXDOMAIN, a new one is answered at once', () => {
    const told: string[] = [];
    runWith(estate(one), plan, [
      asking(10, 'one.example.com', told),
      replacing(20, estate(recordNamed('two.example.com', '"new"'))),
      asking(20, 'one.example.com', told),
      asking(20, 'two.example.com', told),
    ]);
    expect(told).toEqual(['"declared"', 'NXDOMAIN', '"new"']);
  });

  test('what a script has written stays as long as the template says what it said', () => {
    const told: string[] = [];
    const other = recordNamed('other.example.com', '"other"', { place: { file: 'a', line: 1, column: 1 } });
    runWith(estate(one), plan, [
      writing(10, '"written"'),
      replacing(20, estate(other, { ...one, place: { file: 'a', line: 7, column: 1 } })),
      asking(21, 'one.example.com', told),
      replacing(30, estate({ ...one, values: ['"declared anew"'] })),
      asking(31, 'one.example.com', told),
    ]);
    expect(told).toEqual(['"written"', '"declared anew"']);
  });

  test('a zone that comes later answers for its names, and one that goes does not', () => {
    const told: string[] = [];
    const zone = { id: 'Z2', name: 'example.org', private: false };
    const whole = estate(one);
    const more = {
      ...whole,
      hostedZones: [...whole.hostedZones, zone],
      recordSets: [...whole.recordSets, recordNamed('www.example.org', '"there"', { zoneId: 'Z2' })],
    };
    runWith(whole, plan, [
      asking(10, 'www.example.org', told),
      replacing(20, more),
      asking(20, 'www.example.org', told),
      replacing(30, { ...whole, hostedZones: [], recordSets: [] }),
      asking(30, 'one.example.com', told),
    ]);
    expect(told).toEqual(['REFUSED', '"there"', 'REFUSED']);
  });
});

describe('Regions', () => {
  const whole = hybridArchitecture();
  const only = (region: string): Architecture => ({
    ...whole,
    recordSets: whole.recordSets.filter(({ stack }) => stack === region),
    healthChecks: whole.healthChecks.filter(({ stack }) => stack === region),
    restApis: whole.restApis.filter((api) => api.region === region),
    apiDomainNames: whole.apiDomainNames.filter((domain) => domain.region === region),
    functions: whole.functions.filter((fn) => fn.region === region),
  });
  const plan = hybridPlan([], { endSeconds: 300, probes: [] });
  const addressesIn = ({ endpoints }: World): Record<string, string> =>
    Object.fromEntries(endpoints.map(({ kind, label, address }) => [`${kind} ${label}`, address]));

  test('an address stays with its Region, whatever comes before it in the templates', () => {
    const seen: Record<string, string>[] = [];
    const look = (atSecond: number): Deed => ({
      atSecond,
      do: (_simulation, world) => void seen.push(addressesIn(world)),
    });
    runWith(only(BACKUP), plan, [look(1), replacing(2, whole), look(2), replacing(3, only(PRIMARY)), look(3)]);
    const [first, both, second] = seen;
    expect(both).toMatchObject(first ?? {});
    expect(both).toMatchObject(second ?? {});
    expect(both?.[`api-gateway ${PRIMARY}`]).not.toBe(both?.[`api-gateway ${BACKUP}`]);
    expect(Object.keys(second ?? {})).not.toContain(`api-gateway ${BACKUP}`);
  });

  test('a Region that the world was told of has its endpoints from the beginning', () => {
    const seen: Record<string, string>[] = [];
    const look = (atSecond: number): Deed => ({
      atSecond,
      do: (_simulation, world) => void seen.push(addressesIn(world)),
    });
    const told = { ...plan, regions: [PRIMARY, BACKUP] };
    runWith({ ...only(BACKUP), recordSets: [] }, told, [look(1), replacing(2, whole), look(2)]);
    expect(Object.keys(seen[0] ?? {})).toEqual(
      expect.arrayContaining([
        `api-gateway ${PRIMARY}`,
        `api-gateway ${BACKUP}`,
        `s3 ${PRIMARY}`,
        `s3-website ${BACKUP}`,
      ]),
    );
    expect(seen[1]).toEqual(seen[0]);
  });

  test('a standby that is deployed later takes over as one does that was there from the beginning', () => {
    const told: string[] = [];
    const dead = { ...plan, faults: [primaryFault({ kind: 'blackhole' }, 60)] };
    runWith(only(PRIMARY), dead, [replacing(30, whole), asking(200, NAME, told, 'A')]);
    const fromTheBeginning: string[] = [];
    runWith(whole, dead, [asking(200, NAME, fromTheBeginning, 'A')]);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^127\.82\./);
  });
});

test('the same seed and the same deployments give the same events', () => {
  const whole = hybridArchitecture();
  const more = { ...whole, recordSets: [...whole.recordSets, recordNamed('new.example.com', '"new"')] };
  const run = (): string =>
    JSON.stringify(runWith(whole, hybridPlan([DEAD], { endSeconds: 120 }), [replacing(60, more)]));
  expect(run()).toBe(run());
});

describe('faults that nobody had planned', () => {
  const whole = hybridArchitecture();
  const plan = hybridPlan([], { endSeconds: 300, probes: [] });
  const fault = {
    name: 'dead',
    target: { kind: 'region', region: PRIMARY },
    effect: { kind: 'blackhole' },
    share: 1,
  } as const;

  test('one lasts from when it is begun until it is ended, and explains what it does', () => {
    const begin: Deed = {
      atSecond: 30,
      do: (simulation, world) => simulation.go(world.control.startFault(fault, { now: simulation.at })),
    };
    const end: Deed = {
      atSecond: 120,
      do: (simulation, world) => expect(world.control.endFault('dead', { now: simulation.at })).toBe(true),
    };
    const events = runWith(whole, plan, [begin, end]);
    expect(healthOf(events)).toEqual([
      expect.stringMatching(/^(?:6|7)\d check-eu-west-1 unhealthy$/),
      expect.stringMatching(/^1[45]\d check-eu-west-1 healthy$/),
    ]);
    const [began, over] = ['fault.started', 'fault.ended'].map(
      (what) => events.find((event) => event.what === what)?.seq,
    );
    const opinions = events.filter(({ what }) => what === 'checker.changed');
    expect(new Set(opinions.map(({ cause }) => cause))).toEqual(new Set([began, over]));
    expect(linesOf(events, 'fault.ended')).toEqual(['120 fault.ended {"name":"dead"}']);
  });

  test('one with an end ends by itself, once', () => {
    const begin: Deed = {
      atSecond: 30,
      do: (simulation, world) =>
        simulation.go(world.control.startFault({ ...fault, until: atSeconds(50) }, { now: simulation.at })),
    };
    expect(linesOf(runWith(whole, plan, [begin]), 'fault.ended')).toEqual(['50 fault.ended {"name":"dead"}']);
  });

  test('R53 ST-01: a control plane that is down refuses what it is asked for', () => {
    const results: unknown[] = [];
    const down: Deed = {
      atSecond: 10,
      do: (simulation, world) => {
        const moment = { now: simulation.at };
        const action = { kind: 'update-health-check', healthCheck: `check-${PRIMARY}`, disabled: true } as const;
        world.control.startFault({ ...fault, target: { kind: 'control-plane', controlPlane: 'route53' } }, moment);
        results.push(world.control.perform(action, moment).result);
        world.control.endFault('dead', moment);
        results.push(world.control.perform(action, moment).result);
      },
    };
    runWith(whole, plan, [down]);
    expect(results).toEqual([
      { kind: 'refused', code: 'EndpointConnectionError', message: 'No answer from the route53 API.' },
      { kind: 'done' },
    ]);
  });
});
