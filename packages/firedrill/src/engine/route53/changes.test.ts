import { describe, expect, test } from 'vitest';
import type { CidrCollection, HostedZone, RecordChange, RecordSet, RoutingPolicy } from '../../model/index.ts';
import { changeRecordSets } from './changes.ts';
import { aliasTo, asking, competing as competitor, NAME, record } from './zone.fixture.ts';
import { apexOf } from './zone-apex.ts';

const ZONE: HostedZone = { id: 'Z1', name: 'example.com', private: false };
const OFFICES: CidrCollection = {
  id: 'offices',
  name: 'offices',
  locations: [{ name: 'dublin', blocks: ['203.0.113.0/24'] }],
  stack: 's',
};

function outcome(before: readonly RecordSet[], ...changes: RecordChange[]) {
  const scene = {
    zone: ZONE,
    records: before,
    knowsHealthCheck: (id: string) => id === 'check',
    cidrCollections: [OFFICES],
  };
  return changeRecordSets(scene, changes);
}

/** The code and the message of a refusal, or the names that the zone has now. */
function says(before: readonly RecordSet[], ...changes: RecordChange[]): string {
  const came = outcome(before, ...changes);
  return came.kind === 'refused'
    ? `${came.status} ${came.code}: ${came.message}`
    : came.records.map(({ name, type }) => `${name} ${type}`).join(', ');
}

function change(action: RecordChange['action'], recordSet: RecordSet): RecordChange {
  return { action, recordSet };
}

/** A record that competes, with an address that Route 53 takes. */
function competing(...[identifier, policy, some = {}]: Parameters<typeof competitor>): RecordSet {
  return competitor(identifier, policy, some.alias === undefined ? { values: ['192.0.2.1'], ...some } : some);
}

function website(region: string) {
  return {
    dnsName: `s3-website-${region}.amazonaws.com`,
    hostedZoneId: `zone of ${region}`,
    evaluateTargetHealth: true,
  };
}

const creating = (recordSet: RecordSet): RecordChange => change('CREATE', recordSet);
const simple = record({ name: NAME });
const weighted = competing('a', { kind: 'weighted', weight: 1 });
const latency = competing('s1', { kind: 'latency', region: 'us-east-1' });
const cname = record({ name: NAME, type: 'CNAME', values: ['else.example.com'] });

describe('a batch', () => {
  test('R53 CH-04, PP-13, PP-14, PP-15: is made as a whole or not at all', () => {
    const before = [simple];
    const added = record({ name: 'new.example.com' });
    expect(says(before, creating(added), creating(simple))).toBe(
      `400 InvalidChangeBatch: [Tried to create resource record set [name='${NAME}.', type='A'] but it already exists]`,
    );
    expect(before).toEqual([simple]);
    expect(says(before, creating(added))).toBe(`${NAME} A, new.example.com A`);
  });

  test('R53 PP-10: takes a simple record away and puts a failover pair in its place', () => {
    const primary = competing('p', { kind: 'failover', role: 'PRIMARY' }, { check: 'check' });
    const secondary = competing('s', { kind: 'failover', role: 'SECONDARY' });
    expect(says([simple], change('DELETE', simple), creating(primary), creating(secondary))).toBe(
      `${NAME} A, ${NAME} A`,
    );
    expect(says([simple], creating(primary))).toContain('400 InvalidChangeBatch: [RRSet with DNS name');
  });

  test('R53 CH-04, CH-22: DELETE has to match every stored value, TTL among them', () => {
    const message = `400 InvalidChangeBatch: [Tried to delete resource record set [name='${NAME}.', type='A'] but`;
    for (const other of [{ ttlSeconds: 61 }, { values: ['192.0.2.2'] }, { healthCheckId: 'check' }])
      expect(says([simple], change('DELETE', { ...simple, ...other }))).toBe(
        `${message} the values provided do not match the current values]`,
      );
    expect(says([], change('DELETE', simple))).toBe(`${message} it was not found]`);
    expect(says([simple], change('DELETE', { ...simple, name: 'API.example.com.' }))).toBe('');
    const pair = { ...simple, values: ['192.0.2.1', '192.0.2.2'] };
    expect(says([pair], change('DELETE', { ...pair, values: pair.values.toReversed() }))).toBe('');
    const heavy = competing('a', { kind: 'weighted', weight: 2 });
    expect(says([weighted], change('DELETE', heavy))).toContain('do not match the current values');
  });

  test('R53 CH-04: UPSERT makes what is not there and replaces what is', () => {
    expect(outcome([], change('UPSERT', simple))).toMatchObject({ records: [{ ttlSeconds: 60 }] });
    expect(outcome([simple], change('UPSERT', { ...simple, ttlSeconds: 5 }))).toMatchObject({
      records: [{ ttlSeconds: 5 }],
    });
  });

  test('R53 CH-05: 1,000 records and 32,000 characters are enough, and an UPSERT counts double', () => {
    const many = (count: number): RecordSet[] =>
      Array.from({ length: count }, (_, index) => record({ name: `n${index}.example.com` }));
    expect(outcome([], ...many(1000).map(creating)).kind).toBe('changed');
    expect(says([], ...many(1001).map(creating))).toBe(
      '400 InvalidChangeBatch: [Number of records limit of 1000 exceeded.]',
    );
    expect(outcome([], ...many(500).map((one) => change('UPSERT', one))).kind).toBe('changed');
    expect(outcome([], ...many(501).map((one) => change('UPSERT', one))).kind).toBe('refused');
    const strings = Array.from({ length: 64 }, () => `"${'x'.repeat(250)}"`);
    const long = record({ name: NAME, type: 'TXT', values: [strings.join(' ')] });
    expect(outcome([], creating(long)).kind).toBe('changed');
    expect(says([], change('UPSERT', long))).toBe(
      '400 InvalidChangeBatch: [Number of characters limit of 32000 exceeded.]',
    );
    expect(outcome(many(10_000), creating(simple))).toMatchObject({ code: 'LimitsExceeded' });
    const values = (count: number): RecordSet =>
      record({ name: NAME, values: Array.from({ length: count }, (_, i) => `192.0.${i >> 8}.${i & 255}`) });
    expect(outcome([], creating(values(400))).kind).toBe('changed');
    expect(outcome([], creating(values(401)))).toMatchObject({ code: 'InvalidInput' });
  });
});

describe('a refusal in the words of AWS', () => {
  test('R53 CH-07: what is not there is answered with 404, what is wrong with 400', () => {
    const nowhere = { zone: undefined, records: [], knowsHealthCheck: () => true, cidrCollections: [] };
    expect(changeRecordSets(nowhere, [creating(simple)])).toMatchObject({ code: 'NoSuchHostedZone', status: 404 });
    expect(outcome([], creating({ ...simple, healthCheckId: 'none' }))).toMatchObject({
      code: 'NoSuchHealthCheck',
      status: 404,
    });
    expect(outcome([], creating({ ...simple, type: 'AX' }))).toMatchObject({ code: 'InvalidInput', status: 400 });
  });

  test.each([
    {
      line: 'R53 CH-12',
      before: [],
      made: record({ name: 'example.com', type: 'CNAME' }),
      message: 'RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.',
    },
    {
      line: 'R53 CH-13',
      before: [cname],
      made: simple,
      message: `RRSet of type A with DNS name ${NAME}. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.`,
    },
    {
      line: 'R53 CH-14',
      before: [simple],
      made: cname,
      message: `RRSet of type CNAME with DNS name ${NAME}. is not permitted as it conflicts with other records with the same DNS name in zone example.com.`,
    },
    {
      line: 'R53 CH-02, R53 CH-15',
      before: [weighted],
      made: latency,
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier s1, and Region Name=us-east-1 cannot be created because a non-latency RRSet with the same name and type already exists.`,
    },
    {
      line: 'R53 CH-16',
      before: [latency],
      made: competing('s2', { kind: 'latency', region: 'us-east-1' }),
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier s2, and Region Name=us-east-1 cannot be created because a latency RRSet with the same name, type and region already exists.`,
    },
    {
      line: 'R53 CH-18',
      before: [simple],
      made: competing('m', { kind: 'multivalue' }),
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier m cannot be created because a non multivalue answer rrset exists with the same name and type.`,
    },
    {
      line: 'R53 CH-16, R53 RP-05',
      before: [competing('s1', { kind: 'failover', role: 'SECONDARY' })],
      made: competing('s2', { kind: 'failover', role: 'SECONDARY' }),
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier s2 cannot be created because a failover RRSet with the same name, type and failover role already exists.`,
    },
    {
      line: 'R53 RP-11',
      before: [competing('us', { kind: 'geolocation', location: { kind: 'country', country: 'US' } })],
      made: competing('usa', { kind: 'geolocation', location: { kind: 'country', country: 'US' } }),
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier usa cannot be created because a geolocation RRSet with the same name, type and location already exists.`,
    },
    {
      line: 'R53 RP-15, one collection',
      before: [competing('home', { kind: 'ip-based', collectionId: 'homes', locationName: '*' })],
      made: competing('dublin', { kind: 'ip-based', collectionId: 'offices', locationName: 'dublin' }),
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier dublin cannot be created because a CIDR routing RRSet with the same name and type and another CIDR collection already exists.`,
    },
    {
      line: 'R53 RP-15, a location that is not there',
      before: [],
      made: competing('paris', { kind: 'ip-based', collectionId: 'offices', locationName: 'paris' }),
      message: 'The CIDR location paris was not found in the collection offices.',
    },
    {
      line: 'R53 RP-18',
      before: [weighted],
      made: competing('b', { kind: 'weighted', weight: 1 }, { ttlSeconds: 61 }),
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier b cannot be created as weighted sets must contain the same TTL.`,
    },
    {
      line: 'R53 CH-20, R53 AL-12',
      before: [],
      made: record({
        name: NAME,
        alias: { dnsName: 'd1.cloudfront.net', hostedZoneId: 'Z35SXDOTRQ7X7K', evaluateTargetHealth: false },
      }),
      message:
        'Tried to create an alias that targets d1.cloudfront.net., type A in zone Z35SXDOTRQ7X7K, but the alias target name does not lie within the target zone',
    },
    {
      line: 'R53 ET-04',
      before: [],
      made: record({
        name: NAME,
        alias: { dnsName: 'd1.cloudfront.net', hostedZoneId: 'Z2FDTNDATAQYW2', evaluateTargetHealth: true },
      }),
      message: 'EvaluateTargetHealth must be false for an alias that targets d1.cloudfront.net.',
    },
    {
      line: 'R53 AL-07',
      before: [competing('p', { kind: 'failover', role: 'PRIMARY' }, { alias: website('us-east-1') })],
      made: competing('s', { kind: 'failover', role: 'SECONDARY' }, { alias: website('eu-west-1') }),
      message: `RRSet with DNS name ${NAME}., type A cannot be created because another RRSet with the same name and type targets an Amazon S3 website already.`,
    },
    {
      line: 'R53 AL-10',
      before: [],
      made: record({ name: 'sub.example.com', type: 'NS', alias: aliasTo('example.com') }),
      message: 'An RRSet of type NS cannot be an alias.',
    },
    {
      line: 'R53 CH-20, R53 AL-10',
      before: [],
      made: record({ name: NAME, alias: aliasTo('x.example.org') }),
      message:
        'Tried to create an alias that targets x.example.org., type A in zone Z1, but the alias target name does not lie within the target zone',
    },
    {
      line: 'R53 CH-21',
      before: [],
      made: record({ name: NAME, alias: aliasTo('x.example.com') }),
      message: 'Tried to create an alias that targets x.example.com., type A in zone Z1, but that target was not found',
    },
  ])('$line', ({ before, made, message }) => {
    expect(says(before, creating(made))).toBe(`400 InvalidChangeBatch: [${message}]`);
  });

  test('R53 CH-19, PP-09: a primary that is no alias needs a health check', () => {
    expect(says([], creating(competing('p', { kind: 'failover', role: 'PRIMARY' })))).toBe(
      '400 InvalidInput: A non-alias primary ResourceRecordSet must have an associated health check. No changes made.',
    );
  });

  test('R53 CH-24, AL-01: a record has values with a TTL, or an alias without', () => {
    const expected =
      'Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';
    expect(says([], creating({ ...simple, values: [] }))).toContain(`${expected}, but found none in Change with [`);
    const both = { ...simple, alias: aliasTo('x.example.com') };
    expect(says([], creating(both))).toContain(`${expected}, but found more than one in Change with [`);
  });

  test('R53 CH-26: a weight goes to 255', () => {
    expect(says([], creating(competing('a', { kind: 'weighted', weight: 256 })))).toContain(
      'Member must have value less than or equal to 255',
    );
    expect(outcome([], creating(competing('a', { kind: 'weighted', weight: 255 }))).kind).toBe('changed');
  });

  test('R53 CH-01: a SetIdentifier has 1 to 128 characters', () => {
    for (const identifier of ['', 'x'.repeat(129)])
      expect(outcome([], creating(competing(identifier, { kind: 'multivalue' })))).toMatchObject({
        code: 'InvalidInput',
      });
  });

  test('R53 CH-03: all seventeen types are taken, and nothing else', () => {
    const types = 'A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT'.split(' ');
    const code = (type: string): string => {
      const came = outcome([], change('DELETE', { ...simple, type }));
      return came.kind === 'refused' ? came.code : came.kind;
    };
    // A DELETE of what is not there says that the type at least was understood.
    expect(new Set(types.map(code))).toEqual(new Set(['InvalidChangeBatch']));
    for (const type of ['AX', 'a', 'ANY', 'URI', '']) expect(code(type)).toBe('InvalidInput');
  });

  test('R53 CH-23: what CREATE names must not be there, with its SetIdentifier', () => {
    expect(says([cname], creating(cname))).toBe(
      `400 InvalidChangeBatch: [Tried to create resource record set [name='${NAME}.', type='CNAME'] but it already exists]`,
    );
    expect(says([weighted], creating(weighted))).toBe(
      `400 InvalidChangeBatch: [Tried to create resource record set [name='${NAME}.', type='A', set-identifier='a'] but it already exists]`,
    );
  });

  test('R53 CH-25: an alias says whether its target’s health counts', () => {
    const { evaluateTargetHealth: _, ...alias } = aliasTo('x.example.com');
    expect(says([], { action: 'CREATE', recordSet: { ...record({ name: NAME }), values: [], alias } })).toMatch(
      /^400 InvalidInput: Invalid XML ; cvc-complex-type\.2\.4\.b: .*:EvaluateTargetHealth}' is expected\.$/,
    );
  });

  test.each([
    [
      record({ name: NAME, values: ['192.0.2'] }),
      'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)',
      '192.0.2',
    ],
    [
      record({ name: NAME, values: ['2001:db8::1'] }),
      'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)',
      '2001:db8::1',
    ],
    [
      record({ name: NAME, values: ['1.2.3.4, 1.2.3.5'] }),
      'ARRDATANotSingleField (Value contains spaces)',
      '1.2.3.4, 1.2.3.5',
    ],
    [
      record({ name: NAME, type: 'AAAA', values: ['192.0.2.1'] }),
      'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)',
      '192.0.2.1',
    ],
  ])('R53 CH-28: a value that is no address of its type is refused: %#', (made, problem, value) => {
    expect(says([], creating(made))).toBe(
      `400 InvalidChangeBatch: [Invalid Resource Record: FATAL problem: ${problem} encountered with '${value}']`,
    );
  });

  test.each([
    ['"a"', undefined],
    ['"a" "b c"', undefined],
    ['""', undefined],
    [String.raw`"say \"so\" \052"`, undefined],
    [`"${'x'.repeat(255)}" "${'y'.repeat(255)}"`, undefined],
    ['v=spf1 -all', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['"a" b', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['"a"b"', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    [`"${'x'.repeat(256)}"`, 'CharacterStringTooLong (Value is too long)'],
  ])('R53 CH-28: a text is refused unless it is in quotation marks, 255 characters each: %#', (value, problem) => {
    const answer = says([], creating(record({ name: NAME, type: 'TXT', values: [value] })));
    if (problem === undefined) expect(answer).not.toContain('FATAL');
    else {
      const says = `FATAL problem: ${problem} encountered with '${value}'`;
      expect(answer).toBe(`400 InvalidChangeBatch: [Invalid Resource Record: ${says}]`);
    }
  });

  test('R53 CH-29: a value that is there twice is refused', () => {
    expect(says([], creating({ ...simple, values: ['192.0.2.1', '192.0.2.2', '192.0.2.1'] }))).toBe(
      "400 InvalidChangeBatch: [Duplicate Resource Record: '192.0.2.1']",
    );
  });

  test('R53 WS-07: a label has at most 63 characters', () => {
    const name = (length: number): string => `${'x'.repeat(length)}.example.com`;
    expect(says([], creating(record({ name: name(64) })))).toContain('FATAL problem: DomainLabelTooLong');
    expect(outcome([], creating(record({ name: name(63) }))).kind).toBe('changed');
  });

  test('all that is wrong with a batch is told at once', () => {
    const came = says([cname], creating(simple), creating(record({ name: 'elsewhere.example.org' })));
    expect(came).toContain('because a conflicting RRSet of type CNAME');
    expect(came).toContain('RRSet with DNS name elsewhere.example.org. is not permitted in zone example.com.');
  });
});

describe('a routing policy that cannot be', () => {
  const invalid = (some: RecordSet): string => says([], creating(some));

  test('R53 RP-13: bias goes from -99 to 99, coordinates round the globe', () => {
    const at = (bias: number, latitude = 0) =>
      competing('a', { kind: 'geoproximity', location: { kind: 'coordinates', latitude, longitude: 0 }, bias });
    expect(outcome([], creating(at(-99)), creating({ ...at(99), name: 'other.example.com' })).kind).toBe('changed');
    expect(invalid(at(100))).toContain(
      "'geoProximityLocation.bias' failed to satisfy constraint: Member must have value less",
    );
    expect(invalid(at(-100))).toContain('Member must have value greater than or equal to -99');
    expect(invalid(at(0, 91))).toContain("'geoProximityLocation.coordinates.latitude'");
  });

  test('R53 RP-11, RP-12: places that Route 53 does not know', () => {
    const at = (location: Extract<RoutingPolicy, { kind: 'geolocation' }>['location']) =>
      invalid(competing('a', { kind: 'geolocation', location }));
    expect(at({ kind: 'country', country: 'BV' })).toContain('400 InvalidInput: Invalid request: no such GeoLocation');
    expect(at({ kind: 'continent', continent: 'XX' })).toContain('no such GeoLocation');
    expect(at({ kind: 'subdivision', country: 'DE', subdivision: 'BY' })).toContain('no such GeoLocation');
    for (const location of [
      { kind: 'default' },
      { kind: 'continent', continent: 'EU' },
      { kind: 'subdivision', country: 'US', subdivision: 'CA' },
    ] as const)
      expect(at(location)).toBe(`${NAME} A`);
  });

  test('R53 RP-14: a multivalue record has one value, is no alias and no CNAME', () => {
    const made = competing('a', { kind: 'multivalue' });
    expect(invalid(made)).toBe(`${NAME} A`);
    expect(invalid({ ...made, values: ['192.0.2.1', '192.0.2.2'] })).toContain('has one value');
    expect(invalid({ ...made, type: 'CNAME' })).toContain('cannot be a multivalue answer');
    expect(invalid(competing('a', { kind: 'multivalue' }, { alias: aliasTo('x.example.com') }))).toContain('an alias');
  });

  test('R53 RP-15: IP-based records are for public zones', () => {
    const made = competing('a', { kind: 'ip-based', collectionId: 'offices', locationName: 'dublin' });
    expect(invalid(made)).toBe(`${NAME} A`);
    const scene = {
      zone: { ...ZONE, private: true },
      records: [],
      knowsHealthCheck: () => true,
      cidrCollections: [OFFICES],
    };
    expect(changeRecordSets(scene, [creating(made)])).toMatchObject({ code: 'InvalidChangeBatch' });
  });

  test.each([
    { line: 'R53 RP-19', most: 100, policy: { kind: 'weighted', weight: 1 } },
    {
      line: 'R53 RP-13',
      most: 30,
      policy: { kind: 'geoproximity', location: { kind: 'region', region: 'eu-west-1' }, bias: 0 },
    },
  ] as const)('$line: at most $most records compete', ({ most, policy }) => {
    const full = Array.from({ length: most }, (_, index) => competing(`${index}`, policy));
    expect(outcome(full.slice(1), ...full.slice(0, 1).map(creating)).kind).toBe('changed');
    expect(outcome(full, creating(competing('more', policy)))).toMatchObject({ code: 'InvalidChangeBatch' });
    expect(outcome(full, change('UPSERT', competing('0', policy))).kind).toBe('changed');
  });
});

describe('what a zone always has', () => {
  const { nameServers, soa } = apexOf(ZONE, undefined, undefined);
  const apexRecord = (type: string, own: readonly { readonly data: string; readonly ttlSeconds: number }[]) =>
    record({ name: 'example.com', type, values: own.map(({ data }) => data), ttlSeconds: own[0]?.ttlSeconds ?? 0 });
  const ns = apexRecord('NS', nameServers);
  const start = apexRecord('SOA', soa);

  test('R53 CH-30, WS-01: its own name servers and SOA are not deleted, by their values or others', () => {
    expect(says([], change('DELETE', ns), change('DELETE', start))).toBe(
      '400 InvalidChangeBatch: [A HostedZone must contain at least one NS record for the zone itself., A HostedZone must contain exactly one SOA record.]',
    );
    expect(says([], change('DELETE', { ...ns, ttlSeconds: 60 }))).toContain('do not match the current values');
    expect(says([], creating(start))).toContain("type='SOA'] but it already exists");
  });

  test('they are changed by UPSERT, or by DELETE and CREATE in one batch', () => {
    const shorter = { ...start, ttlSeconds: 60 };
    expect(outcome([], change('UPSERT', shorter))).toMatchObject({ records: [{ type: 'SOA', ttlSeconds: 60 }] });
    expect(outcome([], change('DELETE', start), creating(shorter))).toMatchObject({ records: [{ type: 'SOA' }] });
  });
});

test('R53 CH-31: a record set that is in a batch twice is refused, but for a DELETE and then a CREATE', () => {
  const twice = `400 InvalidChangeBatch: [The request contains an invalid set of changes for a resource record set 'A ${NAME}.']`;
  expect(says([], creating(simple), creating(simple))).toBe(twice);
  expect(says([], change('UPSERT', simple), change('UPSERT', simple))).toBe(twice);
  expect(says([simple], change('DELETE', simple), change('DELETE', simple))).toBe(twice);
  expect(says([simple], change('DELETE', simple), creating({ ...simple, ttlSeconds: 5 }))).toBe(`${NAME} A`);
});

test('R53 WS-07: names are kept in lower case and without their last dot, so that answers find what they lead to', () => {
  const alias = { dnsName: 'Target.Example.com.', hostedZoneId: '/hostedzone/Z1', evaluateTargetHealth: true };
  const target = record({ name: 'target.example.com' });
  const made = [
    record({ name: 'A.example.com.', values: [], alias }),
    record({ name: 'C.example.com', type: 'CNAME', values: ['Target.example.com.'] }),
    record({ name: 't.example.com', type: 'TXT', values: ['"Capitals."'] }),
  ];
  const came = outcome([target], ...made.map(creating));
  if (came.kind === 'refused') throw new Error(came.message);
  const ask = (name: string, type: string): readonly string[] => asking(came.records, { name, type }).values();
  expect(ask('a.example.com', 'A')).toEqual(['192.0.2.1']);
  expect(ask('c.example.com', 'A')).toEqual(['target.example.com']);
  expect(ask('t.example.com', 'TXT')).toEqual(['"Capitals."']);
  // Both forms name the same record when it goes.
  expect(outcome(came.records, ...made.slice(0, 2).map((one) => change('DELETE', one))).kind).toBe('changed');
});
