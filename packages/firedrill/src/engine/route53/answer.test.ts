import { describe, expect, test } from 'vitest';
import type { HostedZone, RecordSet } from '../../model/index.ts';
import type { Vantage } from '../conversation.ts';
import { answerFromZones } from './answer.ts';
import type { Surroundings } from './asking.ts';
import { placeOf } from './asker.ts';
import { asking, NAME } from './zone.fixture.ts';
import { layOut } from './zones.ts';

const ZONE: HostedZone = { id: 'Z1', name: 'example.com', private: false };
const ASKER: Vantage = { index: 0, name: 'city:Dublin', spot: { latitude: 0, longitude: 0 }, address: '127.84.0.1' };

type Some = Partial<RecordSet> & Pick<RecordSet, 'name'>;

function record(some: Some): RecordSet {
  const alias = some.alias === undefined ? { values: ['192.0.2.1'], ttlSeconds: 60 } : { values: [] };
  return { zoneId: 'Z1', type: 'A', policy: { kind: 'simple' }, stack: 's', ...alias, ...some };
}

function failover(role: 'PRIMARY' | 'SECONDARY', some: Partial<RecordSet> = {}): RecordSet {
  return record({
    name: 'api.example.com',
    policy: { kind: 'failover', role, setIdentifier: role },
    values: [role],
    ...some,
  });
}

interface Circumstances {
  readonly unhealthy?: readonly string[];
  readonly zones?: readonly HostedZone[];
  readonly type?: string;
  readonly targetIsHealthy?: boolean;
}

function ask(
  records: readonly RecordSet[],
  name: string,
  { unhealthy = [], zones = [ZONE], type = 'A', targetIsHealthy = true }: Circumstances = {},
) {
  const around: Surroundings = {
    health: (id) => ({ healthy: !unhealthy.includes(id), seq: unhealthy.includes(id) ? 7 : 0 }),
    addressesOf: (dnsName) => (dnsName.endsWith('.example.com') ? [] : [`address of ${dnsName}`]),
    targetHealth: () => ({ healthy: targetIsHealthy, seq: 0 }),
    ttlSecondsOf: () => 60,
    shuffle: (values) => values.toReversed(),
    draw: () => 0,
    locate: () => ({ place: placeOf(ASKER), network: undefined, locations: () => [] }),
    vpcOf: ({ vpcId }) => vpcId,
    any: 'all',
  };
  return answerFromZones(layOut(zones, records), { name, type }, ASKER, around);
}

function values(records: readonly RecordSet[], name: string, circumstances?: Circumstances): string[] {
  return (ask(records, name, circumstances)?.reply.answers ?? []).map(({ data }) => data);
}

describe('failover records', () => {
  const pair = [failover('PRIMARY', { healthCheckId: 'p' }), failover('SECONDARY', { healthCheckId: 's' })];
  // R53 RP-05: the published table, line by line.
  test.each([
    { unhealthy: [], answer: 'PRIMARY' },
    { unhealthy: ['s'], answer: 'PRIMARY' },
    { unhealthy: ['p'], answer: 'SECONDARY' },
    { unhealthy: ['p', 's'], answer: 'PRIMARY' },
  ])('R53 RP-05, RP-03: with $unhealthy unhealthy the answer is $answer', ({ unhealthy, answer }) => {
    expect(values(pair, 'api.example.com', { unhealthy })).toEqual([answer]);
  });

  test('R53 RP-02, RP-05: a secondary without a check is served whenever the primary is unhealthy', () => {
    const records = [failover('PRIMARY', { healthCheckId: 'p' }), failover('SECONDARY')];
    expect(values(records, 'api.example.com', { unhealthy: ['p'] })).toEqual(['SECONDARY']);
  });

  test('R53 RP-01: an unhealthy record is dropped and the rule is applied again to the rest', () => {
    expect(ask(pair, 'api.example.com', { unhealthy: ['p'] })?.rule).toContain('primary is unhealthy');
  });

  test('R53 RP-06: the primary is back as soon as it is healthy again', () => {
    expect(values(pair, 'api.example.com', { unhealthy: ['p'] })).toEqual(['SECONDARY']);
    expect(values(pair, 'api.example.com', { unhealthy: [] })).toEqual(['PRIMARY']);
  });

  test('the answer names the event that made it so', () => {
    expect(ask(pair, 'api.example.com', { unhealthy: ['p'] })?.reply.cause).toBe(7);
  });

  test('a healthy primary is the answer for its own sake, whatever has become of the secondary', () => {
    expect(ask(pair, 'api.example.com', { unhealthy: ['s'] })?.reply.cause).toBe(0);
    expect(ask(pair, 'api.example.com', { unhealthy: ['p', 's'] })?.reply.cause).toBe(7);
  });

  test('a lone secondary answers although nobody is primary', () => {
    expect(values([failover('SECONDARY')], 'api.example.com')).toEqual(['SECONDARY']);
  });
});

describe('aliases', () => {
  const toGateway = {
    dnsName: 'd-1.execute-api.eu-west-1.amazonaws.com',
    hostedZoneId: 'Z',
    evaluateTargetHealth: true,
  };

  test('R53 AL-01, AL-04: an alias has the TTL of its target, 60 s for API Gateway', () => {
    const reply = ask([record({ name: 'api.example.com', alias: toGateway })], 'api.example.com')?.reply;
    expect(reply?.answers).toEqual([
      {
        name: 'api.example.com',
        type: 'A',
        ttlSeconds: 60,
        data: 'address of d-1.execute-api.eu-west-1.amazonaws.com',
      },
    ]);
  });

  test('R53 AL-01: an alias to an AWS name lives as long as that name', () => {
    const alias = { dnsName: 'd1.cloudfront.net', hostedZoneId: 'Z2FDTNDATAQYW2', evaluateTargetHealth: false };
    expect(ask([record({ name: 'www.example.com', alias })], 'www.example.com')?.reply.answers[0]?.ttlSeconds).toBe(60);
  });

  test('R53 AL-01, AL-10: an alias to a record of the zone takes its values and its TTL, under its own name', () => {
    const alias = { dnsName: 'other.example.com', hostedZoneId: 'Z1', evaluateTargetHealth: false };
    const records = [record({ name: 'api.example.com', alias }), record({ name: 'other.example.com', ttlSeconds: 17 })];
    expect(ask(records, 'api.example.com')?.reply.answers).toEqual([
      { name: 'api.example.com', type: 'A', ttlSeconds: 17, data: '192.0.2.1' },
    ]);
  });

  test('R53 AL-11: an alias answers for its own type only', () => {
    expect(
      ask([record({ name: 'api.example.com', alias: toGateway })], 'api.example.com', { type: 'AAAA' })?.reply.answers,
    ).toEqual([]);
  });

  test('R53 AL-11: aliases in a circle are SERVFAIL, not a hang', () => {
    const to = (dnsName: string) => ({ dnsName, hostedZoneId: 'Z1', evaluateTargetHealth: true });
    const records = [
      record({ name: 'a.example.com', alias: to('b.example.com') }),
      record({ name: 'b.example.com', alias: to('a.example.com') }),
    ];
    expect(ask(records, 'a.example.com')?.reply.rcode).toBe('SERVFAIL');
  });

  test('R53 ET-05: what evaluating an API Gateway target finds decides, when it is evaluated', () => {
    const records = [failover('PRIMARY', { alias: toGateway, values: [] }), failover('SECONDARY')];
    expect(values(records, 'api.example.com')).toEqual(['address of d-1.execute-api.eu-west-1.amazonaws.com']);
    expect(values(records, 'api.example.com', { targetIsHealthy: false })).toEqual(['SECONDARY']);
    const unevaluated = [
      failover('PRIMARY', { alias: { ...toGateway, evaluateTargetHealth: false }, values: [] }),
      failover('SECONDARY'),
    ];
    // R53 ET-09: with evaluation off Route 53 answers from the branch whatever its leaves.
    expect(values(unevaluated, 'api.example.com', { targetIsHealthy: false })).toEqual([
      'address of d-1.execute-api.eu-west-1.amazonaws.com',
    ]);
  });

  test('R53 ET-07: with a check and evaluation both must pass', () => {
    const records = [failover('PRIMARY', { alias: toGateway, values: [], healthCheckId: 'p' }), failover('SECONDARY')];
    expect(values(records, 'api.example.com', { unhealthy: ['p'] })).toEqual(['SECONDARY']);
    expect(values(records, 'api.example.com', { targetIsHealthy: false })).toEqual(['SECONDARY']);
  });

  test('R53 ET-06: an alias to records of the zone is healthy while one of them is', () => {
    const alias = { dnsName: 'branch.example.com', hostedZoneId: 'Z1', evaluateTargetHealth: true };
    const leaves = [
      failover('PRIMARY', { name: 'branch.example.com', healthCheckId: 'x', values: ['leaf 1'] }),
      failover('SECONDARY', { name: 'branch.example.com', healthCheckId: 'y', values: ['leaf 2'] }),
    ];
    const records = [failover('PRIMARY', { alias, values: [] }), failover('SECONDARY'), ...leaves];
    expect(values(records, 'api.example.com', { unhealthy: ['x'] })).toEqual(['leaf 2']);
    expect(values(records, 'api.example.com', { unhealthy: ['x', 'y'] })).toEqual(['SECONDARY']);
  });
});

describe('trees of records', () => {
  const to = (dnsName: string, evaluateTargetHealth = true) => ({ dnsName, hostedZoneId: 'Z1', evaluateTargetHealth });
  const leaf = (name: string, role: 'PRIMARY' | 'SECONDARY', healthCheckId?: string): RecordSet =>
    failover(role, { name, values: [`${name} ${role}`], ...(healthCheckId === undefined ? {} : { healthCheckId }) });
  const west = [leaf('west.example.com', 'PRIMARY', 'w1'), leaf('west.example.com', 'SECONDARY', 'w2')];
  const east = [leaf('east.example.com', 'PRIMARY', 'e1'), leaf('east.example.com', 'SECONDARY', 'e2')];
  const top = [
    failover('PRIMARY', { alias: to('west.example.com'), values: [] }),
    failover('SECONDARY', { alias: to('east.example.com'), values: [] }),
  ];

  test.each([
    { unhealthy: [], answer: 'west.example.com PRIMARY' },
    { unhealthy: ['w1'], answer: 'west.example.com SECONDARY' },
    { unhealthy: ['w1', 'w2'], answer: 'east.example.com PRIMARY' },
    { unhealthy: ['w1', 'w2', 'e1'], answer: 'east.example.com SECONDARY' },
    { unhealthy: ['w1', 'w2', 'e1', 'e2'], answer: 'west.example.com PRIMARY' },
  ])(
    'R53 ET-08: with $unhealthy unhealthy, out of a branch whose leaves all fail into the next: $answer',
    ({ unhealthy, answer }) => {
      expect(values([...top, ...west, ...east], 'api.example.com', { unhealthy })).toEqual([answer]);
    },
  );

  test('R53 ET-09: a branch whose health is not evaluated is answered from although every leaf fails', () => {
    const unevaluated = [failover('PRIMARY', { alias: to('west.example.com', false), values: [] }), ...top.slice(1)];
    expect(values([...unevaluated, ...west, ...east], 'api.example.com', { unhealthy: ['w1', 'w2'] })).toEqual([
      'west.example.com PRIMARY',
    ]);
  });

  test('R53 ET-10: one leaf without a check keeps a failing branch alive and attracts its traffic', () => {
    const records = [...top, leaf('west.example.com', 'PRIMARY', 'w1'), leaf('west.example.com', 'SECONDARY'), ...east];
    expect(values(records, 'api.example.com', { unhealthy: ['w1'] })).toEqual(['west.example.com SECONDARY']);
  });

  test('the answer says which records were chosen on the way, and by which rules', () => {
    const found = ask([...top, ...west, ...east], 'api.example.com', { unhealthy: ['w1', 'w2'] });
    expect(found?.chosen).toBe('api.example.com A secondary > east.example.com A primary');
    expect(found?.rule).toBe('failover: primary is unhealthy, secondary is healthy; failover: primary is healthy');
    expect(found?.reply.answers[0]?.name).toBe('api.example.com');
  });

  test('R53 RP-05: an alias and a record with values may be a pair', () => {
    const pair = [failover('PRIMARY', { alias: to('west.example.com'), values: [] }), failover('SECONDARY'), ...west];
    expect(values(pair, 'api.example.com')).toEqual(['west.example.com PRIMARY']);
    expect(values(pair, 'api.example.com', { unhealthy: ['w1', 'w2'] })).toEqual(['SECONDARY']);
  });

  test('R53 WS-08: a wildcard may be a failover pair, and answers under the name that was asked for', () => {
    const name = '*.example.com';
    const records = [failover('PRIMARY', { name, healthCheckId: 'p' }), failover('SECONDARY', { name })];
    expect(ask(records, 'any.example.com', { unhealthy: ['p'] })?.reply.answers).toEqual([
      { name: 'any.example.com', type: 'A', ttlSeconds: 60, data: 'SECONDARY' },
    ]);
  });

  test('R53 AL-10, AL-11: an alias leads to records of its own type only', () => {
    const records = [
      record({ name: 'api.example.com', alias: to('other.example.com') }),
      record({ name: 'other.example.com', type: 'AAAA', values: ['2001:db8::1'] }),
    ];
    expect(values(records, 'api.example.com')).toEqual([]);
    expect(values(records, 'api.example.com', { type: 'AAAA' })).toEqual([]);
  });

  test('R53 WS-03: a good answer comes with the name servers of the zone, and may not be kept as a failure', () => {
    const reply = ask([record({ name: 'a.example.com' })], 'a.example.com')?.reply;
    expect(reply?.authority.map(({ type, ttlSeconds }) => `${type} ${ttlSeconds}`)).toEqual(
      Array.from({ length: 4 }, () => 'NS 172800'),
    );
    expect(reply?.negativeTtlSeconds).toBe(0);
  });

  test('R53 RP-03: that nobody is healthy is never an empty answer', () => {
    const records = [failover('PRIMARY', { healthCheckId: 'p' }), failover('SECONDARY', { healthCheckId: 's' })];
    const reply = ask(records, 'api.example.com', { unhealthy: ['p', 's'] })?.reply;
    expect(reply).toMatchObject({ rcode: 'NOERROR', answers: [{ data: 'PRIMARY' }] });
  });
});

describe('names that are delegated to other name servers (RFC 1034, 4.3.2)', () => {
  const records = [
    record({ name: 'sub.example.com', type: 'NS', values: ['ns.sub.example.com', 'ns.example.org'] }),
    record({ name: 'ns.sub.example.com', values: ['192.0.2.53'] }),
    record({ name: 'deeper.sub.example.com', type: 'NS', values: ['ns.example.net'] }),
    record({ name: 'sub.example.com', type: 'DS', values: ['1 13 2 00'] }),
    record({ name: '*.example.com', values: ['wild'] }),
  ];

  test.each(['sub.example.com', 'a.sub.example.com', 'ns.sub.example.com', 'x.deeper.sub.example.com'])(
    'R53 WS-15: a question for %s is told where to ask, by the records nearest to the top',
    (name) => {
      const reply = ask(records, name)?.reply;
      expect(reply).toMatchObject({ rcode: 'NOERROR', answers: [], isReferral: true, negativeTtlSeconds: 0 });
      expect(reply?.authority.map(({ name: owner, data }) => `${owner} ${data}`)).toEqual([
        'sub.example.com ns.sub.example.com',
        'sub.example.com ns.example.org',
      ]);
      expect(reply?.additional).toMatchObject([{ name: 'ns.sub.example.com', type: 'A', data: '192.0.2.53' }]);
    },
  );

  test('R53 WS-15: it is subdomains of public zones that are delegated; a private zone answers itself', () => {
    const cut = record({ name: 'sub.example.com', type: 'NS', values: ['ns1.example.net'] });
    const below = record({ name: 'a.sub.example.com' });
    const zone: HostedZone = { ...ZONE, private: true, vpcs: [{ id: 'vpc-1', region: 'eu-west-1' }] };
    expect(asking([cut, below], { zones: [zone], vpcId: 'vpc-1', name: 'a.sub.example.com' }).values()).toEqual([
      '192.0.2.1',
    ]);
    expect(asking([cut, below], { name: 'a.sub.example.com' }).answer()?.reply).toMatchObject({ isReferral: true });
  });

  test('R53 WS-15: the zone keeps the DS records, its own name and all else', () => {
    expect(ask(records, 'sub.example.com', { type: 'DS' })?.reply.answers).toHaveLength(1);
    expect(ask(records, 'example.com', { type: 'NS' })?.reply.isReferral).toBeUndefined();
    expect(values(records, 'other.example.com')).toEqual(['wild']);
  });

  test('a zone of its own in the same world is asked itself', () => {
    const zones = [ZONE, { id: 'Z2', name: 'sub.example.com', private: false }];
    const own = record({ zoneId: 'Z2', name: 'a.sub.example.com', values: ['own'] });
    expect(values([...records, own], 'a.sub.example.com', { zones })).toEqual(['own']);
  });
});

describe('names and negative answers', () => {
  const records = [
    record({ name: 'a.b.example.com' }),
    record({ name: '*.wild.example.com', values: ['wild'] }),
    record({ name: 'exact.wild.example.com', values: ['exact'] }),
  ];

  test('R53 RP-04: a simple record gives all its values, in an order of chance', () => {
    const asker = asking([record({ name: NAME, values: ['1', '2', '3'] })]);
    const orders = new Map<string, number>();
    for (let i = 0; i < 600; i++) {
      const order = asker.values().join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].toSorted()).toEqual(['123', '132', '213', '231', '312', '321']);
    for (const count of orders.values()) expect(Math.abs(count - 100)).toBeLessThan(40);
  });

  test('R53 RP-04: the health of a simple record does not matter', () => {
    const checked = record({ name: NAME, values: ['1'], healthCheckId: 'check' });
    expect(asking([checked], { unhealthy: ['check'] }).values()).toEqual(['1']);
  });

  test('R53 WS-03, WS-05, WS-06: a name that exists without the type, or above others, is NODATA with the SOA', () => {
    for (const [name, type] of [
      ['a.b.example.com', 'AAAA'],
      ['b.example.com', 'A'],
    ] as const) {
      const reply = ask(records, name, { type })?.reply;
      expect(reply?.rcode).toBe('NOERROR');
      expect(reply?.answers).toEqual([]);
      expect(reply?.authority.map(({ type: kind }) => kind)).toEqual(['SOA']);
    }
  });

  test('R53 WS-02, WS-03: a name that does not exist is NXDOMAIN, to be kept for 900 s', () => {
    const reply = ask(records, 'nowhere.example.com')?.reply;
    expect(reply?.rcode).toBe('NXDOMAIN');
    expect(reply?.negativeTtlSeconds).toBe(900);
  });

  test('R53 WS-01: the apex has an SOA and four name servers that nobody wrote', () => {
    expect(ask(records, 'example.com', { type: 'NS' })?.reply.answers).toHaveLength(4);
    expect(ask(records, 'example.com', { type: 'SOA' })?.reply.answers[0]?.data).toMatch(
      / awsdns-hostmaster\.amazon\.com\. 1 7200 900 1209600 86400$/,
    );
  });

  test('R53 WS-08: a wildcard covers deeper names, exact names win, and the apex is not covered', () => {
    expect(values(records, 'x.wild.example.com')).toEqual(['wild']);
    expect(values(records, 'x.y.wild.example.com')).toEqual(['wild']);
    expect(values(records, 'exact.wild.example.com')).toEqual(['exact']);
    expect(values([record({ name: '*.example.com' })], 'example.com')).toEqual([]);
  });

  test('a name below one that exists is not covered by a wildcard further up (RFC 4592)', () => {
    expect(
      ask([record({ name: '*.example.com' }), record({ name: 'host.example.com' })], 'x.host.example.com')?.reply.rcode,
    ).toBe('NXDOMAIN');
  });

  test('a CNAME answers questions for other types', () => {
    const reply = ask(
      [record({ name: 'www.example.com', type: 'CNAME', values: ['d1.cloudfront.net'] })],
      'www.example.com',
    )?.reply;
    expect(reply?.answers).toEqual([
      { name: 'www.example.com', type: 'CNAME', ttlSeconds: 60, data: 'd1.cloudfront.net' },
    ]);
  });

  test('R53 WS-11: nobody has authority for a name outside the zones', () => {
    expect(ask(records, 'example.org')).toBeUndefined();
    expect(ask(records, 'notexample.com')).toBeUndefined();
  });

  test('R53 WS-13: a private zone answers nobody outside', () => {
    expect(ask(records, 'a.b.example.com', { zones: [{ ...ZONE, private: true }] })).toBeUndefined();
  });

  test('the zone nearest to the name has authority', () => {
    const zones = [ZONE, { id: 'Z2', name: 'b.example.com', private: false }];
    expect(ask(records, 'a.b.example.com', { zones })?.reply.rcode).toBe('NXDOMAIN');
  });
});
