import { describe, expect, test } from 'vitest';
import type { AcceleratedOverrides } from '../../test/accelerated-architecture.ts';
import {
  ACCELERATED,
  acceleratedArchitecture,
  acceleratedPlan,
  balancerArn,
  balancerIn,
  targetGroupArn,
  targetGroupIn,
} from '../../test/accelerated-architecture.ts';
import { BACKUP, PRIMARY, probe } from '../../test/hybrid-architecture.ts';
import type { Architecture, Plan } from '../model/index.ts';
import { BEGINNING } from '../model/index.ts';
import { createWorld } from './create-world.ts';
import type { Vantage } from './conversation.ts';
import type { World } from './world.ts';

/** A world with clients in these cities. */
function worldOf(
  architecture: Architecture,
  places: readonly string[] = ['Dublin', 'Washington'],
  plan: Partial<Plan> = {},
): World {
  const probes = [probe('users', `https://${ACCELERATED}/`, { places })];
  const input = {
    architecture,
    plan: acceleratedPlan({ probes, ...plan }),
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 0,
  } as const;
  return createWorld({ ...input, sink: () => undefined });
}

function cityIn(world: World, name: string): Vantage {
  const found = world.vantages.find((vantage) => vantage.name === `city:${name}`);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function addressesOf(world: World, name: string, from: Vantage): readonly string[] {
  return world.answer({ name, type: 'A' }, from, BEGINNING).answers.map(({ data }) => data);
}

/** Where connections of one city to the accelerator end, by Region, in a hundred. */
function regionsFrom(world: World, city: string, port = 443): Readonly<Record<string, number>> {
  const from = cityIn(world, city);
  const [to = ''] = addressesOf(world, ACCELERATED, from);
  const counts: Record<string, number> = {};
  for (let i = 0; i < 100; i++) {
    const passage = world.passage({ to, port, from }, BEGINNING);
    const region = passage?.to === undefined ? 'nowhere' : (world.endpointAt(passage.to)?.label ?? '');
    counts[region] = (counts[region] ?? 0) + 1;
  }
  return counts;
}

describe('addresses and names', () => {
  test('RS 2.1: two static addresses, and the alias gives both; while it is disabled they lead nowhere and stay', () => {
    const world = worldOf(acceleratedArchitecture());
    const dublin = cityIn(world, 'Dublin');
    expect(addressesOf(world, ACCELERATED, dublin)).toHaveLength(2);
    const off = worldOf(acceleratedArchitecture({ accelerator: { enabled: false } }));
    expect(addressesOf(off, ACCELERATED, cityIn(off, 'Dublin'))).toHaveLength(2);
    expect(regionsFrom(off, 'Dublin')).toEqual({ nowhere: 100 });
  });

  test('R53 AL-05, OQ-04: its names are answered for 60 s, by everybody with the same', () => {
    const world = worldOf(acceleratedArchitecture());
    const question = { name: 'a0123456789abcdef.awsglobalaccelerator.com', type: 'A' };
    const replies = ['Dublin', 'Washington'].map((city) => world.answer(question, cityIn(world, city), BEGINNING));
    expect(replies[0]?.answers.map(({ ttlSeconds }) => ttlSeconds)).toEqual([60, 60]);
    expect(replies[0]?.answers).toEqual(replies[1]?.answers);
  });

  test('a record that names a static address leads to the accelerator', () => {
    const whole = acceleratedArchitecture();
    const record = {
      zoneId: 'Z0EXAMPLE',
      name: 'static.example.com',
      type: 'A',
      policy: { kind: 'simple' },
      ttlSeconds: 60,
      values: ['75.2.0.1'],
      stack: 's',
    } as const;
    const world = worldOf({ ...whole, recordSets: [...whole.recordSets, record] });
    const [address = ''] = addressesOf(world, 'static.example.com', cityIn(world, 'Dublin'));
    expect(world.endpointAt(address)).toMatchObject({ kind: 'accelerator', label: 'app' });
  });
});

describe('where connections go', () => {
  const dials = (primary: number, backup: number): AcceleratedOverrides => ({
    group: (region) => ({ trafficDialPercentage: region === PRIMARY ? primary : backup }),
  });

  test('RS 2.13: to the Region nearest to the edge location that the client reaches', () => {
    const world = worldOf(acceleratedArchitecture());
    expect(regionsFrom(world, 'Dublin')).toEqual({ [PRIMARY]: 100 });
    expect(regionsFrom(world, 'Washington')).toEqual({ [BACKUP]: 100 });
    const [to = ''] = addressesOf(world, ACCELERATED, cityIn(world, 'Dublin'));
    const passage = world.passage({ to, port: 443, from: cityIn(world, 'Dublin') }, BEGINNING);
    expect(passage?.hops.map(({ name }) => name)).toEqual(['ingress:DUB']);
  });

  test('RS 2.14: with both dials at 50 each Region serves half of either one’s clients', () => {
    const world = worldOf(acceleratedArchitecture(dials(50, 50)));
    for (const city of ['Dublin', 'Washington'])
      for (const region of [PRIMARY, BACKUP]) {
        expect(regionsFrom(world, city)[region]).toBeGreaterThan(35);
        expect(regionsFrom(world, city)[region]).toBeLessThan(65);
      }
  });

  test('RS 2.3, 2.4: by source address a client is always sent the same way, in Region and endpoint; else not', () => {
    const cities = ['Dublin', 'London', 'Paris', 'Madrid', 'Berlin', 'Oslo', 'Rome', 'Vienna'];
    const pinned = worldOf(acceleratedArchitecture({ ...dials(50, 50), affinity: 'SOURCE_IP' }), cities);
    const ways = cities.map((city) => Object.keys(regionsFrom(pinned, city)));
    expect(ways.every((regions) => regions.length === 1)).toBe(true);
    expect(new Set(ways.flat()).size).toBe(2);
    const free = worldOf(acceleratedArchitecture(dials(50, 50)), cities);
    expect(Object.keys(regionsFrom(free, 'Dublin'))).toHaveLength(2);
  });

  test('RS 2.5: a port override leads to another port of the endpoint', () => {
    const group = () => ({ portOverrides: [{ listenerPort: 443, endpointPort: 80 }] });
    const world = worldOf(acceleratedArchitecture({ group }));
    const from = cityIn(world, 'Dublin');
    const [to = ''] = addressesOf(world, ACCELERATED, from);
    expect(world.passage({ to, port: 443, from }, BEGINNING)?.port).toBe(80);
  });

  test('RS 2.3: ports outside its ranges are refused', () => {
    const world = worldOf(acceleratedArchitecture());
    const [to = ''] = addressesOf(world, ACCELERATED, cityIn(world, 'Dublin'));
    expect([...(world.endpointAt(to)?.ports?.keys() ?? [])]).toEqual([443, 80]);
    expect(regionsFrom(world, 'Dublin', 8080)).toEqual({ nowhere: 100 });
  });

  test('RS 2.21: the endpoint sees the client, or else the edge location', () => {
    const seenBy = (preserved: boolean): string | undefined => {
      const endpoint = (region: string) => ({
        endpointId: balancerArn(region),
        weight: 128,
        clientIpPreservation: preserved,
      });
      const world = worldOf(acceleratedArchitecture({ group: (region) => ({ endpoints: [endpoint(region)] }) }));
      const from = cityIn(world, 'Dublin');
      const [to = ''] = addressesOf(world, ACCELERATED, from);
      return world.passage({ to, port: 443, from }, BEGINNING)?.from.name;
    };
    expect([seenBy(true), seenBy(false)]).toEqual(['city:Dublin', 'ingress:DUB']);
  });

  test('RS 2.19: a connection without a packet for 340 s is forgotten', () => {
    const world = worldOf(acceleratedArchitecture());
    const from = cityIn(world, 'Dublin');
    const [to = ''] = addressesOf(world, ACCELERATED, from);
    expect(world.passage({ to, port: 443, from }, BEGINNING)?.idleTimeoutMs).toBe(340_000);
  });
});

describe('a Network Load Balancer', () => {
  /** One in the primary Region in front of a server in each of two zones. */
  function networkEstate(crossZone: boolean): Architecture {
    const whole = acceleratedArchitecture();
    const own = balancerIn(PRIMARY);
    const targets = ['a', 'b'].map((zone, i) => ({ id: `10.0.0.${i + 1}`, port: 80, zone: `${PRIMARY}${zone}` }));
    const [listener] = own.listeners;
    return {
      ...whole,
      loadBalancers: [
        {
          ...own,
          type: 'network',
          crossZone,
          listeners: listener === undefined ? [] : [{ ...listener, protocol: 'TCP', tcpIdleTimeoutSeconds: 100 }],
        },
      ],
      targetGroups: [
        { ...targetGroupIn(PRIMARY), arn: targetGroupArn(PRIMARY), targetType: 'ip', protocol: 'TCP', targets },
      ],
      servers: targets.map(({ id, zone }) => ({ id, region: PRIMARY, zone, otherNames: [], stack: 's' })),
    };
  }

  function targetsFrom(crossZone: boolean, zone: string): ReadonlySet<string | undefined> {
    const world = worldOf(networkEstate(crossZone));
    const from = cityIn(world, 'Dublin');
    const [to = ''] = addressesOf(world, `${PRIMARY}${zone}.app-1.${PRIMARY}.elb.amazonaws.com`, from);
    const ends = Array.from({ length: 50 }, () => world.passage({ to, port: 80, from }, BEGINNING)?.to ?? '');
    return new Set(ends.map((end) => world.endpointAt(end)?.resource));
  }

  test('RS 6.14a: each zone has a name of its own; without cross-zone its address keeps to targets of its zone', () => {
    expect(targetsFrom(false, 'a')).toEqual(new Set(['10.0.0.1']));
    expect(targetsFrom(false, 'b')).toEqual(new Set(['10.0.0.2']));
    expect(targetsFrom(true, 'a')).toEqual(new Set(['10.0.0.1', '10.0.0.2']));
  });

  test('RS 6.15a: its own idle timeout counts, also behind an accelerator when it is the shorter one', () => {
    const world = worldOf(networkEstate(true));
    const from = cityIn(world, 'Dublin');
    const direct = addressesOf(world, `app-1.${PRIMARY}.elb.amazonaws.com`, from)[0] ?? '';
    expect(world.passage({ to: direct, port: 80, from }, BEGINNING)?.idleTimeoutMs).toBe(100_000);
    const front = addressesOf(world, ACCELERATED, from)[0] ?? '';
    const passage = world.passage({ to: front, port: 80, from }, BEGINNING);
    expect(passage?.idleTimeoutMs).toBe(100_000);
    expect(passage?.hops.map(({ name }) => name)).toEqual(['ingress:DUB', `region:${PRIMARY}`]);
  });
});

describe('names of load balancers', () => {
  test('RS 6.14b, R53 AL-01: answers may be kept for 60 s, those of an alias too', () => {
    const world = worldOf(acceleratedArchitecture());
    const from = cityIn(world, 'Dublin');
    for (const name of [
      `app-1.${PRIMARY}.elb.amazonaws.com`,
      `dualstack.app-1.${PRIMARY}.elb.amazonaws.com`,
      'failover.example.com',
    ]) {
      const { answers } = world.answer({ name, type: 'A' }, from, BEGINNING);
      expect(
        answers.map(({ ttlSeconds }) => ttlSeconds),
        name,
      ).toEqual([60, 60]);
    }
  });
});

test('certificates: a load balancer shows the one that covers the name, else its first', () => {
  const world = worldOf(acceleratedArchitecture());
  const [address = ''] = addressesOf(world, `app-1.${PRIMARY}.elb.amazonaws.com`, cityIn(world, 'Dublin'));
  const own = ['example.com', '*.example.com'];
  for (const name of [undefined, ACCELERATED, 'other.org']) expect(world.certificateNames(address, name)).toEqual(own);
});
