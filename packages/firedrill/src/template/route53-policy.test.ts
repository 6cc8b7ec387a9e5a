import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

const A = 'Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1]';
const COLLECTION =
  'Nets: { Type: AWS::Route53::CidrCollection, Properties: { Name: nets, Locations: [{ LocationName: office, CidrList: [203.0.113.0/24, "2001:db8::/48"] }] } }';

/** Records in zone Z0EXAMPLE, each on a line of its own from line 2 on: the policies that are read, and what is told. */
function check(records: readonly string[], expected: readonly unknown[], more: readonly string[] = []): void {
  const lines = records.map(
    (record, index) =>
      `  R${index}: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, ${record} } }`,
  );
  const { value, findings } = readOne(`Resources:\n${[...lines, ...more.map((line) => `  ${line}`)].join('\n')}\n`);
  expect([...value.recordSets.map(({ policy }) => policy), ...findings.map(inLine)]).toEqual(expected);
}

function checkRefused(record: string, says: string): void {
  check([record], [`error template/property 2: ${says}`]);
}

describe('routing policies', () => {
  test('each is read from its own property (R53 CH-01)', () => {
    check([`${A}, SetIdentifier: x, Weight: "10"`], [{ kind: 'weighted', weight: 10, setIdentifier: 'x' }]);
    check(
      [`${A}, SetIdentifier: x, Region: eu-west-1`],
      [{ kind: 'latency', region: 'eu-west-1', setIdentifier: 'x' }],
    );
    check([`${A}, SetIdentifier: x, MultiValueAnswer: true`], [{ kind: 'multivalue', setIdentifier: 'x' }]);
    check([`${A}, MultiValueAnswer: false`], [{ kind: 'simple' }]);
  });

  test('geolocation is for a continent, a country, a subdivision or all others (R53 RP-11)', () => {
    const location = (written: string): string => `${A}, SetIdentifier: x, GeoLocation: { ${written} }`;
    const read = (written: string, expected: unknown): void =>
      check([location(written)], [{ kind: 'geolocation', location: expected, setIdentifier: 'x' }]);
    read('ContinentCode: EU', { kind: 'continent', continent: 'EU' });
    read('CountryCode: IE', { kind: 'country', country: 'IE' });
    read('CountryCode: US, SubdivisionCode: GA', { kind: 'subdivision', country: 'US', subdivision: 'GA' });
    read('CountryCode: "*"', { kind: 'default' });
    checkRefused(location(''), 'GeoLocation needs ContinentCode or CountryCode.');
    checkRefused(location('ContinentCode: XX'), 'ContinentCode is XX; it must be one of AF, AN, AS, EU, OC, NA, SA.');
    checkRefused(
      location('ContinentCode: EU, CountryCode: IE'),
      'GeoLocation names a continent or a country, not both.',
    );
    checkRefused(
      location('CountryCode: DE, SubdivisionCode: BY'),
      'Route 53 tells subdivisions of US and UA apart, not of DE.',
    );
    checkRefused(location('CountryCode: XX'), 'CountryCode is XX; it must be a country of ISO 3166 in capitals, or *.');
  });

  test.each(['BV', 'CX', 'EH', 'HM'])('geolocation has no records for %s (R53 RP-12)', (code) => {
    checkRefused(
      `${A}, SetIdentifier: x, GeoLocation: { CountryCode: ${code} }`,
      `Route 53 has no geolocation records for ${code}; askers there get the default record.`,
    );
  });

  test('geoproximity has one place and a bias from -99 to 99 (R53 RP-13)', () => {
    const at = (written: string): string => `${A}, SetIdentifier: x, GeoProximityLocation: { ${written} }`;
    const read = (written: string, location: unknown, bias: number): void =>
      check([at(written)], [{ kind: 'geoproximity', location, bias, setIdentifier: 'x' }]);
    read('AWSRegion: eu-west-1', { kind: 'region', region: 'eu-west-1' }, 0);
    read('LocalZoneGroup: us-west-2-lax-1, Bias: -99', { kind: 'local-zone-group', group: 'us-west-2-lax-1' }, -99);
    const spot = { kind: 'coordinates', latitude: 49.22, longitude: -74.01 };
    read('Coordinates: { Latitude: "49.22", Longitude: "-74.01" }, Bias: 99', spot, 99);
    checkRefused(at('AWSRegion: eu-west-1, Bias: 100'), 'Bias is 100; it must be from -99 to 99.');
    checkRefused(at('Coordinates: { Latitude: "91", Longitude: "0" }'), 'Latitude must be a number from -90 to 90.');
    checkRefused(
      at('Bias: 1'),
      'GeoProximityLocation has one of AWSRegion, LocalZoneGroup and Coordinates; this has none.',
    );
  });

  test('IP-based names a location of a collection (R53 RP-15)', () => {
    const at = (location: string): string =>
      `${A}, SetIdentifier: ${location}x, CidrRoutingConfig: { CollectionId: !Ref Nets, LocationName: ${location} }`;
    const { value } = readOne(
      `Resources:\n  R: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, ${at('office')} } }\n  ${COLLECTION}\n`,
    );
    expect(value.cidrCollections).toMatchObject([
      { name: 'nets', locations: [{ name: 'office', blocks: ['203.0.113.0/24', '2001:db8::/48'] }] },
    ]);
    expect(value.recordSets[0]?.policy).toEqual({
      kind: 'ip-based',
      collectionId: value.cidrCollections[0]?.id,
      locationName: 'office',
      setIdentifier: 'officex',
    });
    check([at('home')], ['error template/property 2: The CIDR collection nets has no location home.'], [COLLECTION]);
    checkRefused(
      `${A}, SetIdentifier: x, CidrRoutingConfig: { CollectionId: 1 }`,
      'CidrRoutingConfig needs LocationName.',
    );
  });

  test('blocks of a collection are /1 to /24, in IPv6 /1 to /48, and 1,000 at most (R53 RP-15)', () => {
    const collection = (blocks: string): readonly string[] =>
      readOne(
        `Resources:\n  Nets: { Type: AWS::Route53::CidrCollection, Properties: { Name: n, Locations: [{ LocationName: l, CidrList: [${blocks}] }] } }\n`,
      ).findings.map(inLine);
    expect(collection('10.0.0.0/8, "2001:db8::/32"')).toEqual([]);
    for (const block of ['203.0.113.0/25', '"2001:db8::/49"', '0.0.0.0/0', '203.0.113.7', 'office']) {
      expect(collection(block)).toEqual([
        `error template/property 2: ${block.replaceAll('"', '')} is not a block of a CIDR collection: those are IPv4 from /1 to /24 and IPv6 from /1 to /48.`,
      ]);
    }
    const many = Array.from({ length: 1001 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`).join(', ');
    expect(collection(many)).toEqual([
      'error template/property 2: The collection n has 1001 blocks; it may have 1000.',
    ]);
  });

  test('a record has exactly one, with a SetIdentifier (R53 CH-01, CH-17)', () => {
    checkRefused(
      `${A}, SetIdentifier: x, Weight: 1, Region: eu-west-1`,
      'A record has one routing policy; this has Weight and Region.',
    );
    checkRefused(`${A}, Weight: 1`, 'A weighted record needs SetIdentifier.');
    checkRefused(
      `${A}, CidrRoutingConfig: { CollectionId: x, LocationName: y }`,
      'An IP-based record needs SetIdentifier.',
    );
    checkRefused(`${A}, SetIdentifier: x`, 'SetIdentifier stands without a routing policy; a simple record has none.');
    checkRefused(`${A}, SetIdentifier: x, Weight: 256`, 'Weight is 256; it must be from 0 to 255.');
  });

  test('a Region, or a Local Zone group, that nobody knows is told', () => {
    const { value, findings } = readOne(`Resources:
  R: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, ${A}, SetIdentifier: x, Region: eu-west-9 } }
  S: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: b.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1], SetIdentifier: x, GeoProximityLocation: { LocalZoneGroup: nowhere } } }
`);
    expect(value.recordSets).toHaveLength(1);
    expect(findings.map(({ weight, code, says }) => `${weight} ${code} ${says}`)).toEqual([
      "warning template/not-acted-on Firedrill's geography does not have the Region eu-west-9; the record counts as the farthest from everywhere.",
      "warning template/not-acted-on Firedrill's geography does not have the Local Zone group nowhere; the record is left out.",
    ]);
  });
});

describe('records of one name and type', () => {
  const kinds = (records: readonly string[], more: readonly string[] = []): readonly string[] => {
    const lines = records.map(
      (record, i) => `  R${i}: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, ${record} } }`,
    );
    return readOne(`Resources:\n${[...lines, ...more].join('\n')}\n`).findings.map(({ says }) => says);
  };

  test('share one policy (R53 CH-02, CH-15, CH-18)', () => {
    const mixed =
      'Records a.example.com of type A have different routing policies; all of one name and type share one.';
    expect(kinds([`${A}, SetIdentifier: x, Region: eu-west-1`, `${A}, SetIdentifier: y, Weight: 1`])).toEqual([mixed]);
    expect(kinds([A, `${A}, SetIdentifier: y, MultiValueAnswer: true`])).toEqual([mixed]);
  });

  test('are for different askers (R53 CH-16, RP-11, RP-15)', () => {
    expect(kinds([`${A}, SetIdentifier: x, Region: eu-west-1`, `${A}, SetIdentifier: y, Region: eu-west-1`])).toEqual([
      'Two records a.example.com of type A have the Region eu-west-1.',
    ]);
    const ireland = 'GeoLocation: { CountryCode: IE }';
    expect(kinds([`${A}, SetIdentifier: x, ${ireland}`, `${A}, SetIdentifier: y, ${ireland}`])).toEqual([
      'Two records a.example.com of type A have the same GeoLocation.',
    ]);
  });

  test('when weighted share one TTL (R53 RP-18)', () => {
    expect(
      kinds([
        `${A}, SetIdentifier: x, Weight: 1`,
        'Name: a.example.com, Type: A, TTL: 30, ResourceRecords: [192.0.2.2], SetIdentifier: y, Weight: 1',
      ]),
    ).toEqual(['Weighted records a.example.com of type A have the TTLs 60 and 30; they must share one.']);
  });

  test('when multivalue have one value each, no alias, and no CNAME (R53 RP-14)', () => {
    const value = 'SetIdentifier: x, MultiValueAnswer: true';
    expect(kinds([`Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1, 192.0.2.2], ${value}`])).toEqual(
      ['The multivalue record a.example.com has 2 values; each has one, and a health check of its own.'],
    );
    expect(kinds([`Name: a.example.com, Type: CNAME, TTL: 60, ResourceRecords: [b.example.com], ${value}`])).toEqual([
      'A record of type CNAME cannot be a multivalue record.',
    ]);
    expect(
      kinds([
        `Name: a.example.com, Type: A, AliasTarget: { DNSName: b.example.com, HostedZoneId: Z0EXAMPLE }, ${value}`,
      ])[0],
    ).toBe('The multivalue record a.example.com is an alias; it must have a value.');
  });

  test('are 100 at most, 30 when geoproximity (R53 RP-19, RP-13)', () => {
    const group = (count: number, policy: string): string[] =>
      Array.from({ length: count }, (_, i) => `${A}, SetIdentifier: x${i}, ${policy}`);
    expect(kinds(group(100, 'Weight: 1'))).toEqual([]);
    expect(kinds(group(101, 'Weight: 1'))).toEqual([
      'There are more than 100 weighted records a.example.com of type A.',
    ]);
    expect(kinds(group(31, 'GeoProximityLocation: { AWSRegion: eu-west-1 }'))).toEqual([
      'There are more than 30 geoproximity records a.example.com of type A.',
    ]);
  });

  test('when IP-based use one collection, in a public zone (R53 RP-15)', () => {
    const at = (id: string, collection: string, zone = ''): string =>
      `Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1], SetIdentifier: ${id}, CidrRoutingConfig: { CollectionId: ${collection}, LocationName: "*" }${zone}`;
    expect(kinds([at('x', 'c1'), at('y', 'c2')])[0]).toBe(
      'Records a.example.com of type A use different CIDR collections; they must share one.',
    );
    const { findings, value } = readOne(`Resources:
  Inside: { Type: AWS::Route53::HostedZone, Properties: { Name: example.com, VPCs: [{ VPCId: vpc-1, VPCRegion: eu-west-1 }] } }
  Nets: { Type: AWS::Route53::CidrCollection, Properties: { Name: n } }
  R: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: !Ref Inside, ${at('x', '!Ref Nets')} } }
`);
    expect(value.hostedZones.find((zone) => zone.private)?.vpcs).toEqual([{ id: 'vpc-1', region: 'eu-west-1' }]);
    expect(findings.map(({ says }) => says)).toEqual([
      'a.example.com is in a private zone, and IP-based records are for public ones.',
    ]);
  });

  test('of a collection that is in no template read are told of (R53 RP-15)', () => {
    expect(
      kinds([`${A}, SetIdentifier: x, CidrRoutingConfig: { CollectionId: elsewhere, LocationName: office }`]),
    ).toEqual([
      'The record a.example.com uses the CIDR collection elsewhere, which is in no template read; no network is in its locations but those of the default.',
    ]);
  });
});
