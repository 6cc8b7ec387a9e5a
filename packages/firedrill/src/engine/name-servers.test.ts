import { describe, expect, test } from 'vitest';
import type {
  Architecture,
  DerivedHealthCheck,
  Fault,
  HealthCheck,
  Plan,
  RecordSet,
  TimelineEvent,
} from '../model/index.ts';
import { atSeconds, BEGINNING, EMPTY_ARCHITECTURE } from '../model/index.ts';
import type { Question, Vantage } from './conversation.ts';
import { createWorld } from './create-world.ts';
import { dnsLocationsOf } from './dns-locations.ts';
import { FaultCalendar } from './faults.ts';
import { createRandom } from './random.ts';
import { HealthCheckStatus } from './route53/health-check.ts';
import { aliasTo, competing, NAME, record } from './route53/zone.fixture.ts';
import { settingsOf } from './switches.ts';
import type { World } from './world.ts';

const PLAN: Plan = {
  name: 'test',
  seed: '1',
  end: atSeconds(60),
  probes: [
    {
      name: 'p',
      url: 'https://api.example.com/',
      ratePerSecond: 1,
      methods: [],
      places: ['Dublin', 'Tokyo', 'Boston'],
      timeoutMs: 1000,
      client: 'plain',
    },
  ],
  faults: [],
  switches: {},
  functionModels: {},
};

interface Opened {
  readonly world: World;
  /** `dns.answer-changed` so far, as answer and rule. */
  readonly told: () => readonly string[];
}

function open(recordSets: readonly RecordSet[], plan: Partial<Plan> = {}, more: Partial<Architecture> = {}): Opened {
  const events: TimelineEvent[] = [];
  const architecture: Architecture = {
    ...EMPTY_ARCHITECTURE,
    hostedZones: [{ id: 'Z1', name: 'example.com', private: false }],
    recordSets,
    ...more,
  };
  const world = createWorld({
    architecture,
    plan: { ...PLAN, ...plan },
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 0,
    sink: (event) => events.push(event),
  });
  const told = (): readonly string[] =>
    events.flatMap((event) =>
      event.what === 'dns.answer-changed' ? [`${event.data.answer.join(' ')} (${event.data.rule})`] : [],
    );
  return { world, told };
}

function inCity({ vantages }: World, city: string): Vantage {
  const found = vantages.find(({ name }) => name === `city:${city}`);
  if (found === undefined) throw new Error(`There is no ${city} in this world.`);
  return found;
}

function ask(
  world: World,
  { from = 'Dublin', ...question }: Partial<Question> & { readonly from?: string } = {},
): string {
  const reply = world.answer({ name: NAME, type: 'A', ...question }, inCity(world, from), BEGINNING);
  return reply.answers.map(({ data }) => data).join(' ');
}

const weighted = (id: string, weight: number, some: Partial<RecordSet> = {}): RecordSet =>
  competing(id, { kind: 'weighted', weight }, some);

describe('what the timeline is told of answers', () => {
  test('answers that chance draws are told of once, with all that may be drawn', () => {
    const { world, told } = open([weighted('blue', 90), weighted('green', 10)]);
    const drawn = new Set(Array.from({ length: 500 }, () => ask(world)));
    expect([...drawn].toSorted()).toEqual(['blue', 'green']);
    expect(told()).toEqual(['blue green (weighted: blue 90 %, green 10 %)']);
  });

  test('so are multivalue answers, and trees below a draw', () => {
    const many = Array.from({ length: 12 }, (_, i) => competing(`v${i}`, { kind: 'multivalue' }));
    const { world, told } = open(many);
    for (let i = 0; i < 100; i++) ask(world);
    expect(told()).toHaveLength(1);
    const tree = open([
      weighted('a', 1, { alias: aliasTo('a.example.com') }),
      weighted('b', 1, { alias: aliasTo('b.example.com') }),
      record({ name: 'a.example.com', values: ['192.0.2.1'] }),
      record({ name: 'b.example.com', values: ['192.0.2.2'] }),
    ]);
    for (let i = 0; i < 100; i++) ask(tree.world);
    expect(tree.told()).toHaveLength(1);
  });

  test('answers by place are told of once for each place that asks', () => {
    const { world, told } = open(
      ['eu-west-1', 'us-east-1', 'ap-northeast-1'].map((region) => competing(region, { kind: 'latency', region })),
    );
    for (let i = 0; i < 10; i++) {
      expect(ask(world, { from: 'Dublin' })).toBe('eu-west-1');
      expect(ask(world, { from: 'Tokyo' })).toBe('ap-northeast-1');
      expect(ask(world, { from: 'Boston' })).toBe('us-east-1');
    }
    expect(told()).toHaveLength(3);
  });
});

describe('where a question comes from', () => {
  const byCountry = [
    competing('jp', { kind: 'geolocation', location: { kind: 'country', country: 'JP' } }),
    competing('rest', { kind: 'geolocation', location: { kind: 'default' } }),
  ];
  const networks = { '203.0.113.0/24': 'Tokyo', '203.0.0.0/16': 'Boston', '2001:db8::/32': 'Osaka' };

  test('R53 RP-16: the client subnet decides where there is one, the resolver where there is none', () => {
    const { world } = open(byCountry, { networks });
    const subnet = (address: string, prefixLength: number): string =>
      ask(world, { clientSubnet: { address, prefixLength } });
    expect(ask(world, { from: 'Tokyo' })).toBe('jp');
    expect(ask(world, { from: 'Dublin' })).toBe('rest');
    expect(subnet('203.0.113.0', 24)).toBe('jp');
    expect(subnet('203.0.112.0', 24)).toBe('rest');
    expect(subnet('2001:db8:7::', 56)).toBe('jp');
    // Nobody knows that network, so its resolver has to do; and one that was asked not to tell has told nothing.
    expect(subnet('198.51.100.0', 24)).toBe('rest');
    expect(ask(world, { from: 'Tokyo', clientSubnet: { address: '203.0.0.0', prefixLength: 0 } })).toBe('jp');
    expect(subnet(inCity(world, 'Tokyo').address, 32)).toBe('jp');
  });

  test('R53 RP-15, RP-16: clients of a city have the addresses of its network', () => {
    const collection = {
      id: 'c',
      name: 'nets',
      stack: 's',
      locations: [{ name: 'japan', blocks: ['203.0.113.0/24'] }],
    };
    const { world } = open(
      ['japan', '*'].map((locationName) =>
        competing(locationName, { kind: 'ip-based', collectionId: 'c', locationName }),
      ),
      { networks },
      { cidrCollections: [collection] },
    );
    expect(ask(world, { from: 'Tokyo' })).toBe('japan');
    expect(ask(world, { from: 'Boston' })).toBe('*');
    expect(ask(world, { from: 'Boston', clientSubnet: { address: '203.0.113.64', prefixLength: 26 } })).toBe('japan');
  });
});

describe('zones', () => {
  test('R53 WS-13: a private zone answers its VPCs alone, and hides the public one from them whole', () => {
    const hostedZones = [
      { id: 'Z1', name: 'example.com', private: false },
      { id: 'Z2', name: 'example.com', private: true, vpcs: [{ id: 'vpc-1', region: 'eu-west-1' }] },
      { id: 'Z3', name: 'deep.example.com', private: false },
    ];
    const { world } = open(
      [
        record({ name: NAME, values: ['192.0.2.1'] }),
        record({ name: 'www.example.com', values: ['192.0.2.2'] }),
        record({ name: 'x.deep.example.com', zoneId: 'Z3', values: ['192.0.2.3'] }),
        record({ name: NAME, zoneId: 'Z2', values: ['10.0.0.1'] }),
      ],
      {},
      { hostedZones },
    );
    const outside = inCity(world, 'Dublin');
    const reply = (name: string, vpcId?: string) =>
      world.answer({ name, type: 'A' }, vpcId === undefined ? outside : { ...outside, vpcId }, BEGINNING);
    expect(reply(NAME).answers[0]?.data).toBe('192.0.2.1');
    expect(reply(NAME, 'vpc-1').answers[0]?.data).toBe('10.0.0.1');
    expect(reply(NAME, 'vpc-2').answers[0]?.data).toBe('192.0.2.1');
    for (const name of ['www.example.com', 'x.deep.example.com']) {
      expect(reply(name, 'vpc-1').rcode).toBe('NXDOMAIN');
      expect(reply(name, 'vpc-2').rcode).toBe('NOERROR');
    }
  });

  test('R53 RP-16: a client subnet does not tell a private zone where the asker is', () => {
    const zone = { id: 'Z1', name: 'example.com', private: true, vpcs: [{ id: 'vpc-1', region: 'eu-west-1' }] };
    const { world } = open(
      ['eu-west-1', 'ap-northeast-1'].map((region) => competing(region, { kind: 'latency', region })),
      { networks: { '203.0.113.0/24': 'Tokyo' } },
      { hostedZones: [zone] },
    );
    const question = { name: NAME, type: 'A', clientSubnet: { address: '203.0.113.0', prefixLength: 24 } };
    const reply = world.answer(question, { ...inCity(world, 'Dublin'), vpcId: 'vpc-1' }, BEGINNING);
    expect(reply.answers[0]?.data).toBe('eu-west-1');
    expect(reply).not.toHaveProperty('subnetScope');
  });

  test('R53 WS-12: two zones of one name never mix; the parent leads to one of them', () => {
    const hostedZones = ['Z1', 'Z2'].map((id) => ({ id, name: 'example.com', private: false }));
    const { world } = open(
      [
        record({ name: NAME, values: ['192.0.2.1'] }),
        record({ name: 'www.example.com', zoneId: 'Z2', values: ['192.0.2.2'] }),
      ],
      {},
      { hostedZones },
    );
    expect(ask(world)).toBe('192.0.2.1');
    expect(world.answer({ name: 'www.example.com', type: 'A' }, inCity(world, 'Dublin'), BEGINNING).rcode).toBe(
      'NXDOMAIN',
    );
  });

  test('R53 WS-14: an answer says which zone it is from', () => {
    const { world } = open([record({ name: NAME })]);
    const reply = (name: string) => world.answer({ name, type: 'A' }, inCity(world, 'Dublin'), BEGINNING);
    expect(reply(NAME).hostedZoneId).toBe('Z1');
    expect(reply('nobody.example.com').hostedZoneId).toBe('Z1');
    expect(reply('example.org').hostedZoneId).toBeUndefined();
  });

  test('an answer takes no longer because there are 10,000 records, wherever in the zone it is', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => record({ name: `n${i}.example.com`, values: [`v${i}`] }));
    const msFor = ({ world }: Opened, name: string): number => {
      const asker = inCity(world, 'Dublin');
      let best = Infinity;
      for (let round = 0; round < 20; round++) {
        const began = performance.now();
        for (let i = 0; i < 2000; i++) world.answer({ name, type: 'A' }, asker, BEGINNING);
        best = Math.min(best, performance.now() - began);
      }
      return best;
    };
    const [few, whole] = [open(many.slice(0, 10)), open(many)];
    expect(ask(whole.world, { name: 'n9999.example.com' })).toBe('v9999');
    const alone = msFor(few, 'n9.example.com');
    // A search through the records would take a thousand times as long.
    expect(msFor(whole, 'n9999.example.com')).toBeLessThan(alone * 20 + 1);
    expect(msFor(whole, 'x.y.nobody.example.com')).toBeLessThan(alone * 40 + 1);
  });
});

describe('name servers that do not hear all health checkers', () => {
  const REGIONS_UNHEARD = ['us-east-1', 'us-west-1', 'us-west-2', 'eu-west-1', 'ap-southeast-1', 'ap-southeast-2'];
  const CHECK: HealthCheck = {
    id: 'p',
    type: 'TCP',
    ipAddress: '192.0.2.1',
    port: 443,
    resourcePath: '/',
    requestIntervalSeconds: 30,
    failureThreshold: 3,
    enableSni: false,
    inverted: false,
    disabled: false,
    regions: [],
    stack: 's',
  };
  const BOTH: DerivedHealthCheck = {
    id: 'both',
    type: 'CALCULATED',
    healthThreshold: 2,
    childHealthChecks: ['p', 'not in this world'],
    inverted: false,
    disabled: false,
    stack: 's',
  };
  const fault = (regions: readonly string[]): Fault => ({
    name: 'partition',
    target: { kind: 'dns-location', edge: 'DUB' },
    effect: { kind: 'unheard', regions },
    from: atSeconds(20),
    until: atSeconds(40),
    share: 1,
  });

  /** What is answered in Dublin and in Tokyo, at moments in seconds, when checkers of some Regions are unhealthy from 10 s on. */
  function answers(
    regions: readonly string[],
    unhealthyIn: readonly string[],
    moments: readonly number[],
    check = 'p',
  ): string[] {
    const status = new HealthCheckStatus(CHECK);
    for (const checker of status.checkers.filter(({ region }) => unhealthyIn.includes(region))) {
      const changed = status.observe(checker, false, atSeconds(10));
      if (changed !== undefined) status.changed(atSeconds(10), changed, 1);
    }
    const random = createRandom('1');
    const plan: Plan = { ...PLAN, faults: [fault(regions)] };
    const parts = {
      input: { plan, architecture: { ...EMPTY_ARCHITECTURE, derivedHealthChecks: [BOTH] } },
      faults: new FaultCalendar(plan, random),
      settings: settingsOf(plan),
    };
    const seen = dnsLocationsOf(parts, new Map([['p', status]]));
    const { world } = open([]);
    return moments.map((at) =>
      ['Dublin', 'Tokyo']
        .map((city) => (seen(check, inCity(world, city), atSeconds(at)).healthy ? 'up' : 'down'))
        .join(' '),
    );
  }

  test('R53 HC-40: a location judges by the checkers that it hears, so that locations disagree for a while', () => {
    // Of sixteen checkers four find it unhealthy; they are the only ones that Dublin hears.
    const few = ['ap-northeast-1', 'sa-east-1'];
    expect(answers(REGIONS_UNHEARD, few, [5, 19, 21, 39, 41])).toEqual([
      'up up',
      'up up',
      'down up',
      'down up',
      'up up',
    ]);
    // And the other way round: all but those four find it unhealthy.
    expect(answers(REGIONS_UNHEARD, REGIONS_UNHEARD, [12, 16, 21, 41])).toEqual(['up up', 'up up', 'up up', 'up up']);
    const most = [...REGIONS_UNHEARD, 'sa-east-1'];
    expect(answers(REGIONS_UNHEARD, most, [12, 16, 21, 41])).toEqual(['up up', 'down down', 'up down', 'down down']);
  });

  test('R53 HC-40, HC-27: what counts other checks is counted at each location by what that one hears', () => {
    expect(answers(REGIONS_UNHEARD, ['ap-northeast-1', 'sa-east-1'], [19, 21, 41], 'both')).toEqual([
      'up up',
      'down up',
      'up up',
    ]);
  });

  test('R53 HC-40, HC-42: a location that hears nobody keeps what it knew', () => {
    const all = [...REGIONS_UNHEARD, 'ap-northeast-1', 'sa-east-1'];
    expect(answers(all, all, [12, 16, 21, 41])).toEqual(['up up', 'down down', 'down down', 'down down']);
  });

  test('R53 HC-41: that 1,000 health checks change at once delays none of them', () => {
    const statuses = Array.from({ length: 1000 }, (_, i): [string, HealthCheckStatus] => [
      `c${i}`,
      new HealthCheckStatus({ ...CHECK, id: `c${i}` }),
    ]);
    for (const [, status] of statuses) status.changed(atSeconds(10), false, 1);
    const parts = {
      input: { plan: PLAN, architecture: EMPTY_ARCHITECTURE },
      faults: new FaultCalendar(PLAN, createRandom('1')),
      settings: settingsOf(PLAN),
    };
    const seen = dnsLocationsOf(parts, new Map(statuses));
    const dublin = inCity(open([]).world, 'Dublin');
    const down = (at: number): number => statuses.filter(([id]) => !seen(id, dublin, atSeconds(at)).healthy).length;
    expect([14.9, 15].map(down)).toEqual([0, 1000]);
  });
});
