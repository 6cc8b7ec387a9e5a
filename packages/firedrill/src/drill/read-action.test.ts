import { describe, expect, test } from 'vitest';
import { EMPTY_ARCHITECTURE } from '../model/index.ts';
import type { Architecture } from '../model/index.ts';
import { readDrill } from './read-drill.ts';
import { resolveDrill } from './resolve-drill.ts';

const HEAD = `name: n
world: { assembly: cdk.out }
duration: 5m
probes: [{ name: p, url: "https://api.example.com/" }]
do:
`;

function read(deeds: string) {
  return readDrill('drill.yaml', `${HEAD}${deeds}`);
}

function says(deeds: string): readonly string[] {
  return read(deeds).findings.map(({ code, place, says: what }) => `${code} ${place?.line}: ${what}`);
}

describe('do', () => {
  test('an action has its moment, its deed and perhaps its repetition', () => {
    const deed = 'updateHealthCheck: { healthCheck: Check, inverted: true }';
    const { value, findings } = read(`  - { name: away, at: 90s, every: 1m, until: 4m, ${deed} }\n`);
    expect(findings).toEqual([]);
    expect(value.actions).toMatchObject([
      {
        name: 'away',
        at: 90e6,
        everyMs: 60_000,
        until: 240e6,
        action: { kind: 'update-health-check', healthCheck: 'Check', inverted: true },
      },
    ]);
  });

  test('an action without a deed, or that comes too late, is told with its line', () => {
    expect(says('  - { name: idle, at: 1s }\n')).toEqual(['drill/shape 6: Action idle does nothing.']);
    const deed = 'updateHealthCheck: { healthCheck: Check }';
    expect(says(`  - { name: late, at: 6m, ${deed} }\n`)).toEqual([
      'drill/time 6: Action late is due when the drill is over.',
    ]);
    expect(says(`  - { name: odd, at: 2m, every: 1m, until: 1m, ${deed} }\n`)).toEqual([
      'drill/time 6: Action odd is not repeated: until is not after at.',
    ]);
    expect(says(`  - { name: once, at: 2m, until: 3m, ${deed} }\n`)).toEqual([
      'drill/shape 6: Action once has until, and is done only once.',
    ]);
    expect(says(`  - { name: a, at: 1m, ${deed} }\n  - { name: a, at: 2m, ${deed} }\n`)).toEqual([
      'drill/shape 7: There are two actions with the name a.',
    ]);
  });
});

test('an invalidation names its distribution and paths', () => {
  const { value, findings } = read(
    '  - { name: forget, at: 1s, createInvalidation: { distribution: D, paths: ["/*"] } }\n',
  );
  expect(findings).toEqual([]);
  expect(value.actions?.[0]?.action).toEqual({ kind: 'create-invalidation', distribution: 'D', paths: ['/*'] });
});

describe('what an action names', () => {
  const resource = { logicalId: 'Check', type: 'AWS::Route53::HealthCheck', physicalId: 'id-1' };
  const architecture: Architecture = {
    ...EMPTY_ARCHITECTURE,
    stacks: [
      {
        name: 'Api',
        region: 'eu-west-1',
        account: '111122223333',
        resources: [{ ...resource, standing: 'acted-on' }],
        outputs: { CheckId: 'id-1' },
      },
    ],
    healthChecks: [
      {
        id: 'id-1',
        type: 'TCP',
        ipAddress: '8.8.8.8',
        port: 443,
        resourcePath: '/',
        requestIntervalSeconds: 30,
        failureThreshold: 3,
        enableSni: false,
        inverted: false,
        disabled: false,
        regions: [],
        stack: 'Api',
      },
    ],
  };

  function resolved(name: string) {
    const { value } = read(`  - { name: a, at: 1m, updateHealthCheck: { healthCheck: "${name}" } }\n`);
    const plan = resolveDrill(value, architecture);
    const [planned] = plan.value.actions ?? [];
    const findings = plan.findings.filter(({ code }) => code === 'drill/unknown-target');
    const { action } = planned ?? {};
    return { id: action?.kind === 'update-health-check' ? action.healthCheck : '', findings };
  }

  test.each(['id-1', 'Check', 'Api.Check', '${CheckId}', '${Api.CheckId}'])('%s is the health check', (name) => {
    expect(resolved(name)).toEqual({ id: 'id-1', findings: [] });
  });

  test('a name that nothing has is told, with a proposal', () => {
    const [finding] = resolved('Chekc').findings;
    expect(finding).toMatchObject({
      says: 'Action a: the architecture has no health check Chekc.',
      remedy: 'Did you mean Check?',
      place: { line: 6 },
    });
  });
});

describe('dials and weights of an accelerator', () => {
  const endpoints = ['arn:a', 'arn:b'].map((endpointId) => ({ endpointId, weight: 128, clientIpPreservation: true }));
  const healthCheck = { protocol: 'TCP', path: '/', port: 80, intervalSeconds: 30, thresholdCount: 3 } as const;
  const group = (arn: string, region: string, count: number) => {
    const own = { healthCheck, trafficDialPercentage: 100, portOverrides: [] };
    return { arn, region, endpoints: endpoints.slice(0, count), ...own };
  };
  const listener = {
    arn: 'arn:l',
    protocol: 'TCP',
    portRanges: [{ from: 443, to: 443 }],
    clientAffinity: 'NONE',
    endpointGroups: [group('arn:one', 'eu-west-1', 1), group('arn:two', 'us-east-1', 2)],
  } as const;
  const architecture: Architecture = {
    ...EMPTY_ARCHITECTURE,
    accelerators: [
      {
        arn: 'arn:accelerator',
        name: 'front',
        enabled: true,
        ipAddressType: 'IPV4',
        dnsName: 'api.example.com',
        ipv4Addresses: ['75.2.0.1', '99.83.0.1'],
        listeners: [listener],
        stack: 's',
      },
    ],
  };

  function resolved(deed: string) {
    const { value } = read(`  - { name: turn, at: 1s, ${deed} }\n`);
    const plan = resolveDrill(value, architecture);
    return { action: plan.value.actions?.[0]?.action, says: plan.findings.map(({ says: what }) => what) };
  }

  test('RS 2.5: a group is named by its ARN, or by its Region when it is the only one there', () => {
    for (const name of ['arn:one', 'eu-west-1'])
      expect(resolved(`setTrafficDial: { endpointGroup: "${name}", percentage: 0 }`)).toEqual({
        action: { kind: 'set-traffic-dial', endpointGroup: 'arn:one', percentage: 0 },
        says: [],
      });
    expect(resolved('setTrafficDial: { endpointGroup: eu-west-2, percentage: 0 }').says).toEqual([
      'Action turn: the architecture has no endpoint group eu-west-2.',
    ]);
  });

  test('RS 2.11: an endpoint need not be named when it is the only one of its group', () => {
    expect(resolved('setEndpointWeight: { endpointGroup: eu-west-1, weight: 0 }').action).toMatchObject({
      endpoint: 'arn:a',
      weight: 0,
    });
    expect(
      resolved('setEndpointWeight: { endpointGroup: us-east-1, endpoint: "arn:b", weight: 255 }').action,
    ).toMatchObject({
      endpoint: 'arn:b',
    });
    expect(resolved('setEndpointWeight: { endpointGroup: us-east-1, weight: 0 }').says).toHaveLength(1);
  });

  test('RS 2.5, 2.11: dials go to 100, weights to 255', () => {
    expect(says('  - { name: turn, at: 1s, setTrafficDial: { endpointGroup: g, percentage: 101 } }\n')).toHaveLength(1);
    expect(says('  - { name: turn, at: 1s, setEndpointWeight: { endpointGroup: g, weight: 256 } }\n')).toHaveLength(1);
  });
});

describe('changes of records', () => {
  test('R53 CH-04: a batch has its records whole, each with its policy', () => {
    const written =
      '{ action: UPSERT, name: a.example.com, type: A, ttl: 60, values: [192.0.2.1], setIdentifier: x, weight: 0 }';
    const deed = `changeRecordSets: { hostedZone: Z1, changes: [${written}] }`;
    expect(read(`  - { name: drain, at: 1s, ${deed} }\n`).value.actions?.[0]?.action).toEqual({
      kind: 'change-record-sets',
      hostedZoneId: 'Z1',
      changeId: 'drain',
      changes: [
        {
          action: 'UPSERT',
          recordSet: {
            name: 'a.example.com',
            type: 'A',
            policy: { kind: 'weighted', weight: 0, setIdentifier: 'x' },
            values: ['192.0.2.1'],
            ttlSeconds: 60,
          },
        },
      ],
    });
  });

  const policyOf = (written: string) => {
    const deed = `changeRecordSets: { hostedZone: Z1, changes: [{ action: UPSERT, name: a, type: A, ttl: 60, values: [192.0.2.1], setIdentifier: x, ${written} }] }`;
    const { value } = read(`  - { name: a, at: 1s, ${deed} }\n`);
    const action = value.actions?.[0]?.action;
    return action?.kind === 'change-record-sets' ? action.changes[0]?.recordSet.policy : undefined;
  };

  test.each([
    ['failover: SECONDARY', { kind: 'failover', role: 'SECONDARY' }],
    ['latencyRegion: eu-west-1', { kind: 'latency', region: 'eu-west-1' }],
    ['multiValueAnswer: true', { kind: 'multivalue' }],
    ['geoLocation: { continentCode: EU }', { kind: 'geolocation', location: { kind: 'continent', continent: 'EU' } }],
    ['geoLocation: { countryCode: "*" }', { kind: 'geolocation', location: { kind: 'default' } }],
    ['geoLocation: { countryCode: FR }', { kind: 'geolocation', location: { kind: 'country', country: 'FR' } }],
    [
      'geoLocation: { countryCode: US, subdivisionCode: CA }',
      { kind: 'geolocation', location: { kind: 'subdivision', country: 'US', subdivision: 'CA' } },
    ],
    [
      'geoProximityLocation: { awsRegion: eu-west-1, bias: -5 }',
      { kind: 'geoproximity', location: { kind: 'region', region: 'eu-west-1' }, bias: -5 },
    ],
    [
      'geoProximityLocation: { localZoneGroup: us-west-2-lax-1 }',
      { kind: 'geoproximity', location: { kind: 'local-zone-group', group: 'us-west-2-lax-1' }, bias: 0 },
    ],
    [
      'geoProximityLocation: { coordinates: { latitude: 1.5, longitude: -2 } }',
      { kind: 'geoproximity', location: { kind: 'coordinates', latitude: 1.5, longitude: -2 }, bias: 0 },
    ],
    [
      'cidrRoutingConfig: { collectionId: C, locationName: "*" }',
      { kind: 'ip-based', collectionId: 'C', locationName: '*' },
    ],
  ])('%s is a policy', (written, policy) => {
    expect(policyOf(written)).toEqual({ ...policy, setIdentifier: 'x' });
  });

  test.each([
    ['weight: 1, failover: PRIMARY, setIdentifier: x', 'has several routing policies: weight, failover'],
    ['setIdentifier: x', 'has setIdentifier without a routing policy'],
    ['setIdentifier: x, geoLocation: {}', 'has a geoLocation that is not one continentCode or one countryCode'],
    [
      'setIdentifier: x, geoLocation: { continentCode: EU, countryCode: FR }',
      'has a geoLocation that is not one continentCode or one countryCode',
    ],
    [
      'setIdentifier: x, geoLocation: { continentCode: NA, subdivisionCode: CA }',
      'has a subdivisionCode without countryCode',
    ],
    [
      'setIdentifier: x, geoProximityLocation: { awsRegion: eu-west-1, localZoneGroup: g }',
      'has a geoProximityLocation that is not one of awsRegion, localZoneGroup and coordinates',
    ],
  ])('R53 CH-01, CH-17: %s is told, and not left out in silence', (written, mistake) => {
    const deed = `changeRecordSets: { hostedZone: Z1, changes: [{ action: UPSERT, name: a, type: A, ${written} }] }`;
    expect(says(`  - { name: a, at: 1s, ${deed} }\n`)).toEqual([
      `drill/shape 6: do[0].changeRecordSets.changes[0] ${mistake}.`,
    ]);
  });

  test('a key that no record has is told', () => {
    const deed = 'changeRecordSets: { hostedZone: Z1, changes: [{ action: UPSERT, name: a, type: A, wieght: 1 }] }';
    expect(says(`  - { name: a, at: 1s, ${deed} }\n`)).toEqual([
      'drill/shape 6: There is no do[0].changeRecordSets.changes[0].wieght in a drill file.',
    ]);
  });

  test('what asks about records', () => {
    expect(read('  - { name: a, at: 1s, getChange: { change: drain } }\n').value.actions?.[0]?.action).toEqual({
      kind: 'get-change',
      change: 'drain',
    });
    const listing = 'listRecordSets: { hostedZone: Z1, startName: a, startType: A, startIdentifier: x, maxItems: 5 }';
    expect(read(`  - { name: a, at: 1s, ${listing} }\n`).value.actions?.[0]?.action).toEqual({
      kind: 'list-record-sets',
      hostedZoneId: 'Z1',
      startName: 'a',
      startType: 'A',
      startIdentifier: 'x',
      maxItems: 5,
    });
  });

  test('names and values may hold outputs; one that nobody has is told', () => {
    const architecture: Architecture = {
      ...EMPTY_ARCHITECTURE,
      hostedZones: [{ id: 'Z1', name: 'example.com', private: false }],
      stacks: [
        {
          name: 'Api',
          region: 'eu-west-1',
          account: '1',
          resources: [],
          outputs: { Ip: '192.0.2.1', To: 'to.example.com' },
        },
      ],
    };
    const plan = (value: string) => {
      const alias = '{ dnsName: "${Api.To}", hostedZoneId: Z1, evaluateTargetHealth: true }';
      const changes = `[{ action: UPSERT, name: a, type: A, ttl: 1, values: ["${value}"] }, { action: UPSERT, name: b, type: A, alias: ${alias} }]`;
      const { value: drill } = read(
        `  - { name: a, at: 1s, changeRecordSets: { hostedZone: Z1, changes: ${changes} } }\n`,
      );
      return resolveDrill(drill, architecture);
    };
    expect(plan('${Ip}').value.actions?.[0]?.action).toMatchObject({
      changes: [
        { recordSet: { values: ['192.0.2.1'] } },
        { recordSet: { alias: { dnsName: 'to.example.com', hostedZoneId: 'Z1', evaluateTargetHealth: true } } },
      ],
    });
    expect(plan('${Pi}').findings.filter(({ code }) => code === 'drill/unknown-output')).toMatchObject([
      { code: 'drill/unknown-output', says: 'Action a: no stack has the output Pi.', place: { line: 6 } },
    ]);
  });
});
