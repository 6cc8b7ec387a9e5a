import { describe, expect, test } from 'vitest';
import type { GeoLocation, RecordSet } from '../../model/index.ts';
import type { Circumstances } from './zone.fixture.ts';
import { aliasTo, asking, competing, NAME, record } from './zone.fixture.ts';

/** What is answered, as values with spaces between. */
function check(records: readonly RecordSet[], circumstances: Circumstances, expected: string): void {
  expect(asking(records, circumstances).values().toSorted().join(' ')).toBe(expected);
}

/** How often each value is the answer, of 10,000. */
function counts(records: readonly RecordSet[], circumstances: Circumstances = {}): Record<string, number> {
  const asker = asking(records, circumstances);
  const found: Record<string, number> = {};
  for (let i = 0; i < 10_000; i++) {
    const value = asker.values().toSorted().join(' ');
    found[value] = (found[value] ?? 0) + 1;
  }
  return found;
}

const weighted = (id: string, weight: number, some?: Parameters<typeof competing>[2]): RecordSet =>
  competing(id, { kind: 'weighted', weight }, { check: id, ...some });

describe('weighted records', () => {
  test('R53 RP-07: each is answered by its weight over the sum of weights', () => {
    const { a = 0, b = 0, ...others } = counts([weighted('a', 70), weighted('b', 30), weighted('c', 0)]);
    expect(others).toEqual({});
    expect(a / 10_000).toBeCloseTo(0.7, 1);
    expect(Math.abs(b - 3000)).toBeLessThan(150);
  });

  test('R53 RP-07: all zero means equal shares', () => {
    const found = counts([weighted('a', 0), weighted('b', 0), weighted('c', 0), weighted('d', 0)]);
    for (const id of ['a', 'b', 'c', 'd']) expect(Math.abs((found[id] ?? 0) - 2500)).toBeLessThan(150);
  });

  test('R53 RP-01: an unhealthy one is dropped, and the others share by their weights', () => {
    const found = counts([weighted('a', 60), weighted('b', 30), weighted('c', 10)], { unhealthy: ['a'] });
    expect(found['a']).toBeUndefined();
    expect(Math.abs((found['b'] ?? 0) - 7500)).toBeLessThan(150);
  });

  test('R53 RP-08, RP-09, PP-07: weight 0 is a standby: it is answered when every other is unhealthy, and not before', () => {
    const records = [weighted('blue', 100), weighted('green', 0)];
    expect(counts(records)).toEqual({ blue: 10_000 });
    expect(counts(records, { unhealthy: ['blue'] })).toEqual({ green: 10_000 });
    expect(counts(records, { unhealthy: ['green'] })).toEqual({ blue: 10_000 });
  });

  test('R53 RP-03, RP-08: when nobody is healthy all count as healthy, so those with a weight answer', () => {
    expect(counts([weighted('blue', 1), weighted('green', 0)], { unhealthy: ['blue', 'green'] })).toEqual({
      blue: 10_000,
    });
  });

  test('R53 RP-02: one without a check is always healthy, so a standby with weight 0 never comes in', () => {
    const records = [competing('blue', { kind: 'weighted', weight: 1 }), weighted('green', 0)];
    expect(counts(records)).toEqual({ blue: 10_000 });
  });

  test('draws belong to the group: another group, or another question, shifts nobody’s', () => {
    const records = [weighted('a', 50), weighted('b', 50)];
    const sequence = (more: readonly RecordSet[]): string => {
      const asker = asking([...records, ...more]);
      return Array.from({ length: 40 }, () => asker.values()[0]).join('');
    };
    expect(sequence([])).toBe(sequence([weighted('x', 1, { name: 'other.example.com' })]));
    expect(sequence([])).toMatch(/ab.*ba/);
  });
});

describe('latency records', () => {
  const latency = (region: string): RecordSet => competing(region, { kind: 'latency', region }, { check: region });
  const records = ['us-east-1', 'eu-west-1', 'ap-northeast-1'].map(latency);

  // R53 RP-10: the latency model of the geography, from distance.
  test.each([
    ['Dublin', 'eu-west-1'],
    ['Frankfurt', 'eu-west-1'],
    ['New York', 'us-east-1'],
    ['São Paulo', 'us-east-1'],
    ['Tokyo', 'ap-northeast-1'],
    ['Sydney', 'ap-northeast-1'],
  ])('R53 RP-10: who asks from %s gets the Region with the best latency, %s', (from, region) => {
    check(records, { from }, region);
  });

  test('R53 RP-10: an unhealthy Region gives way to the next best', () => {
    check(records, { from: 'Dublin', unhealthy: ['eu-west-1'] }, 'us-east-1');
    check(records, { from: 'Dublin', unhealthy: ['eu-west-1', 'us-east-1'] }, 'ap-northeast-1');
  });

  test('R53 RP-03: with all unhealthy it is the best again', () => {
    check(records, { from: 'Tokyo', unhealthy: ['eu-west-1', 'us-east-1', 'ap-northeast-1'] }, 'ap-northeast-1');
  });
});

describe('geolocation records', () => {
  const geo = (id: string, location: GeoLocation): RecordSet =>
    competing(id, { kind: 'geolocation', location }, { check: id });
  const georgia = geo('georgia', { kind: 'subdivision', country: 'US', subdivision: 'GA' });
  const states = geo('states', { kind: 'country', country: 'US' });
  const america = geo('america', { kind: 'continent', continent: 'NA' });
  const ireland = geo('ireland', { kind: 'country', country: 'IE' });
  const europe = geo('europe', { kind: 'continent', continent: 'EU' });
  const rest = geo('rest', { kind: 'default' });
  const all = [rest, europe, ireland, america, states, georgia];

  test.each([
    ['Atlanta', 'georgia'],
    ['Boston', 'states'],
    ['Toronto', 'america'],
    ['Mexico City', 'america'],
    ['Dublin', 'ireland'],
    ['Paris', 'europe'],
    ['Tokyo', 'rest'],
  ])('R53 RP-11: who asks from %s gets the most specific record, %s', (from, id) => check(all, { from }, id));

  test('R53 RP-11: an unhealthy record gives way to wider ones, step by step to the default', () => {
    check(all, { from: 'Atlanta', unhealthy: ['georgia'] }, 'states');
    check(all, { from: 'Atlanta', unhealthy: ['georgia', 'states'] }, 'america');
    check(all, { from: 'Atlanta', unhealthy: ['georgia', 'states', 'america'] }, 'rest');
    check(all, { from: 'Atlanta', unhealthy: ['georgia', 'states', 'america', 'rest'] }, 'georgia');
  });

  test('R53 RP-11: without a default an asker whom no record is for gets an empty answer', () => {
    const reply = asking([europe, states], { from: 'Tokyo' }).answer()?.reply;
    expect(reply).toMatchObject({ rcode: 'NOERROR', answers: [], negativeTtlSeconds: 900 });
    expect(reply?.authority.map(({ type }) => type)).toEqual(['SOA']);
  });

  test('R53 RP-11, RP-12: who is nobody knows where gets the default', () => {
    check(all, { from: 'nowhere' }, 'rest');
  });
});

describe('geoproximity records', () => {
  const near = (region: string, bias = 0): RecordSet =>
    competing(region, { kind: 'geoproximity', location: { kind: 'region', region }, bias }, { check: region });

  test('R53 RP-13: the nearest is the answer, and a bias moves the border', () => {
    check([near('eu-west-1'), near('us-east-1')], { from: 'Dublin' }, 'eu-west-1');
    // Dublin to Virginia is 5,472 km, to Frankfurt 1,089: a bias of 85 shrinks the first to 821.
    check([near('eu-central-1'), near('us-east-1')], { from: 'Dublin' }, 'eu-central-1');
    check([near('eu-central-1'), near('us-east-1', 79)], { from: 'Dublin' }, 'eu-central-1');
    check([near('eu-central-1'), near('us-east-1', 85)], { from: 'Dublin' }, 'us-east-1');
    check([near('eu-central-1', -85), near('us-east-1')], { from: 'Dublin' }, 'us-east-1');
  });

  test('R53 RP-13: a place may be given by coordinates or by a Local Zone group', () => {
    const records = [
      competing('here', {
        kind: 'geoproximity',
        location: { kind: 'coordinates', latitude: 53, longitude: -6 },
        bias: 0,
      }),
      competing('lax', {
        kind: 'geoproximity',
        location: { kind: 'local-zone-group', group: 'us-west-2-lax-1' },
        bias: 0,
      }),
    ];
    check(records, { from: 'London' }, 'here');
    check(records, { from: 'Seattle' }, 'lax');
  });

  test('R53 RP-01: unhealthy gives way to the next nearest', () => {
    check([near('eu-west-1'), near('us-east-1')], { from: 'Dublin', unhealthy: ['eu-west-1'] }, 'us-east-1');
  });
});

describe('multivalue records', () => {
  const many = (count: number): RecordSet[] =>
    Array.from({ length: count }, (_, i) => competing(`v${i}`, { kind: 'multivalue' }, { check: `v${i}` }));
  const all = (count: number): string[] => many(count).map(({ healthCheckId = '' }) => healthCheckId);

  test('R53 RP-14: up to eight healthy ones are all answered', () => {
    check(many(3), {}, 'v0 v1 v2');
    check(many(8), {}, all(8).join(' '));
    check(many(3), { unhealthy: ['v1'] }, 'v0 v2');
  });

  test('R53 RP-14: of more than eight, eight are drawn, and each has its turn', () => {
    const asker = asking(many(12));
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const values = asker.values();
      expect(new Set(values).size).toBe(8);
      for (const value of values) seen.add(value);
    }
    expect(seen.size).toBe(12);
  });

  test('R53 RP-14, RP-03: with all unhealthy up to eight unhealthy ones are answered', () => {
    expect(asking(many(12), { unhealthy: all(12) }).values()).toHaveLength(8);
    check(many(2), { unhealthy: all(2) }, 'v0 v1');
  });
});

describe('IP-based records', () => {
  const at = (locationName: string): RecordSet =>
    competing(
      locationName === '*' ? 'default' : locationName,
      { kind: 'ip-based', collectionId: 'c', locationName },
      {
        check: locationName,
      },
    );
  const locations = { office: ['203.0.113.0/24', '2001:db8:1::/48'], provider: ['203.0.112.0/20'] };
  const all = [at('*'), at('provider'), at('office')];
  const subnet = (address: string, prefixLength: number): Circumstances => ({
    locations,
    clientSubnet: { address, prefixLength },
  });

  test('R53 RP-15: the longest block that has the address is the answer, else the default', () => {
    check(all, { locations, address: '203.0.113.9' }, 'office');
    check(all, { locations, address: '203.0.112.9' }, 'provider');
    check(all, { locations, address: '198.51.100.1' }, 'default');
    check(all, subnet('2001:db8:1:7::', 64), 'office');
    check(all, subnet('2001:db8:2::', 48), 'default');
  });

  test('R53 RP-15: of the blocks of one location its longest counts, whichever comes first', () => {
    for (const office of [
      ['203.0.0.0/16', '203.0.113.0/24'],
      ['203.0.113.0/24', '203.0.0.0/16'],
    ]) {
      const nested = { office, provider: ['203.0.112.0/20'] };
      check(all, { locations: nested, address: '203.0.113.9' }, 'office');
      check(all, { locations: nested, address: '203.0.114.9' }, 'provider');
      check(all, { locations: nested, address: '203.0.1.9' }, 'office');
    }
  });

  test('R53 RP-15: a longer prefix of the question matches a shorter block, and not the other way round', () => {
    check(all, subnet('203.0.113.128', 25), 'office');
    check(all, subnet('203.0.113.0', 24), 'office');
    check(all, subnet('203.0.112.0', 23), 'provider');
    check(all, subnet('203.0.0.0', 16), 'default');
  });

  test('R53 RP-15, RP-01: an unhealthy location gives way to the next shorter block, then to the default', () => {
    check(all, { locations, address: '203.0.113.9', unhealthy: ['office'] }, 'provider');
    check(all, { locations, address: '203.0.113.9', unhealthy: ['office', 'provider'] }, 'default');
  });

  test('R53 RP-15: without a default an address that no block has gets an empty answer', () => {
    check([at('office')], { locations, address: '198.51.100.1' }, '');
  });
});

describe('policies in trees', () => {
  test.each([['a'], ['b']])(
    'R53 ET-06: with %s unhealthy a branch of two is healthy, whichever comes first',
    (dead) => {
      const tree = [
        competing('p', { kind: 'failover', role: 'PRIMARY' }, { alias: aliasTo('pair.example.com') }),
        competing('s', { kind: 'failover', role: 'SECONDARY' }),
        ...['a', 'b'].map((id) => weighted(id, 1, { name: 'pair.example.com' })),
      ];
      check(tree, { unhealthy: [dead] }, dead === 'a' ? 'b' : 'a');
      check(tree, { unhealthy: ['a', 'b'] }, 's');
    },
  );

  test('R53 AL-11: aliases that lead round in a circle are not healthy', () => {
    const circle = [
      competing('p', { kind: 'failover', role: 'PRIMARY' }, { alias: aliasTo('round.example.com') }),
      competing('s', { kind: 'failover', role: 'SECONDARY' }),
      record({ name: 'round.example.com', alias: aliasTo('about.example.com') }),
      record({ name: 'about.example.com', alias: aliasTo('round.example.com') }),
    ];
    check(circle, {}, 's');
  });

  test('R53 ET-08, ET-10: latency over weighted: a branch is left only when all of its leaves fail', () => {
    const region = (name: string): RecordSet =>
      competing(name, { kind: 'latency', region: name }, { alias: aliasTo(`${name}.example.com`) });
    const leaf = (branch: string, id: string, weight: number): RecordSet =>
      weighted(id, weight, { name: `${branch}.example.com` });
    const tree = [
      ...['eu-west-1', 'us-east-1'].map(region),
      leaf('eu-west-1', 'eu-a', 50),
      leaf('eu-west-1', 'eu-b', 0),
      leaf('us-east-1', 'us-a', 1),
    ];
    check(tree, {}, 'eu-a');
    check(tree, { unhealthy: ['eu-a'] }, 'eu-b');
    check(tree, { unhealthy: ['eu-a', 'eu-b'] }, 'us-a');
    check(tree, { unhealthy: ['eu-a', 'eu-b', 'us-a'] }, 'eu-a');
    check(tree, { from: 'Boston' }, 'us-a');
    check(tree, { from: 'Boston', unhealthy: ['us-a'] }, 'eu-a');
  });

  test('R53 ET-09: without evaluation a dead branch is answered from, whatever the policy above it', () => {
    const records = [
      competing('a', { kind: 'weighted', weight: 1 }, { alias: aliasTo('a.example.com', false) }),
      competing('b', { kind: 'weighted', weight: 0 }, { alias: aliasTo('b.example.com') }),
      weighted('leaf-a', 1, { name: 'a.example.com' }),
      weighted('leaf-b', 1, { name: 'b.example.com' }),
    ];
    check(records, { unhealthy: ['leaf-a'] }, 'leaf-a');
  });

  test('trees in which every branch leads everywhere are evaluated once for each group', () => {
    const level = (n: number): RecordSet[] =>
      Array.from({ length: 100 }, (_, i) =>
        weighted(`n${n}-${i}`, 1, {
          name: `n${n}.example.com`,
          ...(n === 12 ? {} : { alias: aliasTo(`n${n + 1}.example.com`) }),
        }),
      );
    const records = Array.from({ length: 13 }, (_, n) => level(n)).flat();
    expect(asking(records, { name: 'n0.example.com' }).values()).toHaveLength(1);
  });
});

describe('where the asker is', () => {
  test('R53 RP-16: policies that go by place say for which client subnet the answer is, others do not', () => {
    const clientSubnet = { address: '203.0.113.0', prefixLength: 24 };
    const latency = [competing('eu', { kind: 'latency', region: 'eu-west-1' })];
    expect(asking(latency, { clientSubnet }).answer()?.reply.subnetScope).toBe(24);
    expect(asking([record({ name: NAME })], { clientSubnet }).answer()?.reply).not.toHaveProperty('subnetScope');
    expect(asking([weighted('a', 1)], { clientSubnet }).answer()?.reply).not.toHaveProperty('subnetScope');
  });
});
