import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { apiGatewayZoneId, s3WebsiteZoneId } from './alias-zones.ts';
import { loadBalancerZoneId } from './load-balancer-zones.ts';
import { inLine, readOne } from '../../test/read-one.ts';

/** Records in zone Z0EXAMPLE, each on a line of its own from line 2 on. */
function checkRecords(records: readonly string[], expected: readonly string[]): void {
  const lines = records.map(
    (record, index) =>
      `  R${index}: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, ${record} } }`,
  );
  const { value, findings } = readOne(`Resources:\n${lines.join('\n')}\n`);
  const kept = value.recordSets.map(({ name, type, ttlSeconds, values, policy }) =>
    `${name} ${ttlSeconds ?? 'alias'} ${type} ${values.join(' ')} ${policy.kind}`.replace(/ +/g, ' '),
  );
  expect([...kept, ...findings.map(inLine)]).toEqual(expected);
}

describe('records', () => {
  test('names lose their dot and their capitals', () => {
    checkRecords(
      ['Name: WWW.Example.com., Type: A, TTL: "60", ResourceRecords: [192.0.2.1]'],
      ['www.example.com 60 A 192.0.2.1 simple'],
    );
    checkRecords(
      ['Name: x.example.com, Type: TXT, TTL: 5, ResourceRecords: [\'"a \\"b\\"" "c"\']'],
      ['x.example.com 5 TXT "a \\"b\\"" "c" simple'],
    );
  });

  test('a record has values with a TTL, or an alias (R53 CH-24)', () => {
    checkRecords(
      ['Name: a.example.com, Type: A, TTL: 60'],
      [
        'error template/property 2: A record needs AliasTarget, or TTL and ResourceRecords; this lacks ResourceRecords.',
      ],
    );
    checkRecords(
      ['Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [nonsense]'],
      ['error template/property 2: nonsense is not a value of a record of type A.'],
    );
    // R53 CH-28
    checkRecords(
      ['Name: a.example.com, Type: TXT, TTL: 60, ResourceRecords: [v=spf1 -all]'],
      ['error template/property 2: v=spf1 -all is not a value of a record of type TXT.'],
    );
    checkRecords(
      ['Name: a.example.com, Type: A, TTL: -1, ResourceRecords: [192.0.2.1]'],
      ['error template/property 2: TTL is -1; it must be from 0 to 2147483647.'],
    );
  });

  test('failover and SetIdentifier go together (R53 CH-01, CH-17)', () => {
    const a = 'Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1]';
    checkRecords([`${a}, Failover: SECONDARY`], ['error template/property 2: A failover record needs SetIdentifier.']);
    checkRecords(
      [`${a}, SetIdentifier: x`],
      ['error template/property 2: SetIdentifier stands without a routing policy; a simple record has none.'],
    );
    checkRecords(
      [`${a}, SetIdentifier: x, Failover: PRIMARY`],
      [
        'error template/property 2: The primary failover record a.example.com is no alias, so it must have a health check.',
      ],
    );
    checkRecords(
      [`${a}, SetIdentifier: x, Failover: SECONDARY`, `${a}, SetIdentifier: x, Failover: SECONDARY`],
      [
        'a.example.com 60 A 192.0.2.1 failover',
        'error template/property 3: Two records a.example.com of type A have the SetIdentifier x.',
      ],
    );
  });

  test('policies and types do not mix (R53 CH-02, CH-12 to CH-14)', () => {
    const a = 'Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1]';
    checkRecords(
      [a, `${a}, SetIdentifier: x, Failover: SECONDARY`],
      [
        'a.example.com 60 A 192.0.2.1 simple',
        'error template/property 3: Records a.example.com of type A have different routing policies; all of one name and type share one.',
      ],
    );
    checkRecords(
      [a, 'Name: a.example.com, Type: CNAME, TTL: 60, ResourceRecords: [b.example.com]'],
      [
        'a.example.com 60 A 192.0.2.1 simple',
        'error template/property 3: a.example.com has a record of type A; a CNAME stands alone at its name.',
      ],
    );
    checkRecords(
      ['Name: example.com, Type: CNAME, TTL: 60, ResourceRecords: [b.example.com]'],
      ['error template/property 2: A CNAME cannot stand at the apex example.com of its zone.'],
    );
    checkRecords(
      [a, a],
      [
        'a.example.com 60 A 192.0.2.1 simple',
        'error template/property 3: There are two simple records a.example.com of type A; put all values into one.',
      ],
    );
  });

  test('an alias to a record stays in its zone and finds one of its type (R53 AL-10, CH-20, CH-21)', () => {
    const b = 'Name: b.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1]';
    checkRecords(
      [b, 'Name: a.example.com, Type: A, AliasTarget: { DNSName: B.example.com., HostedZoneId: Z0EXAMPLE }'],
      ['b.example.com 60 A 192.0.2.1 simple', 'a.example.com alias A simple'],
    );
    checkRecords(
      ['Name: a.example.com, Type: A, AliasTarget: { DNSName: b.example.com, HostedZoneId: Z0EXAMPLE }'],
      ['error template/property 2: The alias targets b.example.com of type A, and the zone has no such record.'],
    );
    checkRecords(
      [b, 'Name: a.example.com, Type: A, AliasTarget: { DNSName: b.example.com, HostedZoneId: Z9 }'],
      [
        'b.example.com 60 A 192.0.2.1 simple',
        'error template/property 3: The alias targets b.example.com in zone Z9; an alias to a record stays in its own zone Z0EXAMPLE.',
      ],
    );
  });

  test('aliases to AWS names are held against what is read (R53 AL-08, AL-09, AL-12)', () => {
    checkRecords(
      ['Name: a.example.com, Type: A, AliasTarget: { DNSName: d1.cloudfront.net, HostedZoneId: Z1 }'],
      ['error template/property 2: An alias to CloudFront has the HostedZoneId Z2FDTNDATAQYW2.'],
    );
    checkRecords(
      ['Name: a.example.com, Type: A, AliasTarget: { DNSName: d1.cloudfront.net, HostedZoneId: Z2FDTNDATAQYW2 }'],
      [
        'warning template/not-acted-on 2: The alias targets the distribution d1.cloudfront.net, which is in no template read; its name is not answered.',
      ],
    );
    checkRecords(
      ['Name: a.example.com, Type: A, AliasTarget: { DNSName: x.elasticbeanstalk.com, HostedZoneId: Z32O12XQLNTSW2 }'],
      [
        'warning template/not-acted-on 2: Firedrill does not act on aliases to x.elasticbeanstalk.com yet; the record a.example.com is left out, so its name is not answered from it.',
      ],
    );
  });

  test('R53 AL-13: an alias to an S3 website is in the zone of its Region', () => {
    const alias = (region: string, zone: string): string =>
      `Name: www.example.com, Type: A, AliasTarget: { DNSName: s3-website-${region}.amazonaws.com, HostedZoneId: ${zone} }`;
    checkRecords(
      [alias('us-east-1', 'Z1BKCTXD74EZPE')],
      [
        'error template/property 2: The alias to the S3 website endpoint of us-east-1 has the HostedZoneId Z1BKCTXD74EZPE; it must be Z3AQBSTGFYJSTF.',
      ],
    );
    checkRecords(
      [alias('eu-west-1', 'Z1BKCTXD74EZPE')],
      [
        'www.example.com alias A simple',
        'warning template/not-acted-on 2: The alias www.example.com leads to the S3 websites of eu-west-1, where no template read has a bucket named www.example.com; its users see 404 NoSuchBucket.',
      ],
    );
  });

  test('R53 AL-13, AL-14, AL-15: the zones of aliases are those of the sheet, Region by Region', () => {
    const sheet = readFileSync(new URL('../../../../docs/facts/route53.md', import.meta.url), 'utf8');
    const rows = sheet.split('\n').filter((line) => /^\| [a-z]+-[a-z]+-\d \|/.test(line));
    expect(rows).toHaveLength(16);
    for (const row of rows) {
      const [, region = '', website, application, network, api = ''] = row.split('|').map((cell) => cell.trim());
      expect([region, s3WebsiteZoneId(region)]).toEqual([region, website]);
      expect([region, loadBalancerZoneId(region, 'application')]).toEqual([region, application]);
      expect([region, loadBalancerZoneId(region, 'network')]).toEqual([region, network]);
      // Of a disputed one the first.
      expect([region, apiGatewayZoneId(region)]).toEqual([region, api.split(' ')[0]]);
    }
  });

  test('R53 WS-09: a CNAME stands at no apex, and beside no other type, whichever comes first', () => {
    const cname = (name: string): string => `Name: ${name}, Type: CNAME, TTL: 60, ResourceRecords: [b.example.com]`;
    const text = (name: string): string => `Name: ${name}, Type: TXT, TTL: 60, ResourceRecords: ['"x"']`;
    const alone = (type: string): string =>
      `error template/property 3: a.example.com has a record of type ${type}; a CNAME stands alone at its name.`;
    checkRecords(
      [cname('example.com')],
      ['error template/property 2: A CNAME cannot stand at the apex example.com of its zone.'],
    );
    checkRecords([text('a.example.com'), cname('a.example.com')], ['a.example.com 60 TXT "x" simple', alone('TXT')]);
    checkRecords(
      [cname('a.example.com'), text('a.example.com')],
      ['a.example.com 60 CNAME b.example.com simple', alone('CNAME')],
    );
  });

  test('a group shares its zone among its records', () => {
    const { value, findings } = readOne(`Resources:
  Group:
    Type: AWS::Route53::RecordSetGroup
    Properties:
      HostedZoneName: example.com.
      RecordSets:
        - { Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1] }
        - { Name: b.example.com, Type: A, TTL: 60 }
        - { Name: c.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.3] }
`);
    expect(value.recordSets.map(({ name, zoneId }) => `${name} ${zoneId}`)).toEqual([
      'a.example.com Z0EXAMPLE',
      'c.example.com Z0EXAMPLE',
    ]);
    expect(findings.map(inLine)).toEqual([
      'error template/property 8: A record needs AliasTarget, or TTL and ResourceRecords; this lacks ResourceRecords.',
    ]);
  });
});

describe('zones', () => {
  test('a zone that is nowhere is told with the remedy, for records as an error and for certificates as a warning', () => {
    const { findings } = readOne(`Resources:
  R: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z9, Name: api.other.org, Type: A, TTL: 60, ResourceRecords: [192.0.2.1] } }
  C: { Type: AWS::CertificateManager::Certificate, Properties: { DomainName: other.org, DomainValidationOptions: [{ DomainName: other.org, HostedZoneId: Z9 }] } }
`);
    expect(findings.map(inLine)).toEqual([
      'warning template/unknown-zone 3: The certificate is validated in the zone Z9, which is in no template and not declared.',
      'error template/unknown-zone 2: The record api.other.org is in the hosted zone Z9, which is in no template and was not declared.',
    ]);
    expect(findings[1]?.remedy).toBe(
      'Declare it: --zone other.org=Z9, or in the drill file `zones: { other.org: Z9 }`.',
    );
  });

  test('a zone of a template is found by reference and by name', () => {
    const { value, findings } = readOne(`Resources:
  Zone: { Type: AWS::Route53::HostedZone, Properties: { Name: example.org. } }
  A: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: !Ref Zone, Name: a.example.org, Type: A, TTL: 60, ResourceRecords: [192.0.2.1] } }
  B: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneName: example.org., Name: b.example.org, Type: A, TTL: 60, ResourceRecords: [192.0.2.1] } }
  C: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneName: example.org., Name: example.net, Type: A, TTL: 60, ResourceRecords: [192.0.2.1] } }
`);
    expect(new Set(value.recordSets.map(({ zoneId }) => zoneId))).toEqual(new Set([value.hostedZones[0]?.id]));
    expect(findings.map(inLine)).toEqual([
      'error template/property 5: The record example.net does not lie in its zone example.org.',
    ]);
  });
});

describe('health checks', () => {
  function check(config: string, expected: unknown): void {
    const { value, findings } = readOne(
      `Resources:\n  H: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { ${config} } } }\n`,
    );
    if (findings.length > 0) expect(findings.map(inLine)).toEqual(expected);
    else expect(value.healthChecks[0]).toMatchObject(expected as object);
  }

  test('defaults are those of Route 53 (R53 HC-03, HC-04)', () => {
    check('Type: HTTP, FullyQualifiedDomainName: a.example.com, ResourcePath: health', {
      port: 80,
      resourcePath: '/health',
      requestIntervalSeconds: 30,
      failureThreshold: 3,
      enableSni: false,
      inverted: false,
      disabled: false,
    });
    check('Type: HTTPS, FullyQualifiedDomainName: a.example.com', { port: 443, resourcePath: '/', enableSni: true });
    check('Type: TCP, IPAddress: 93.184.216.34, Port: 25', { type: 'TCP', port: 25, ipAddress: '93.184.216.34' });
  });

  test('values out of range are told (R53 HC-03, HC-04, HC-15, HC-16, HC-20)', () => {
    check('Type: HTTP, FullyQualifiedDomainName: a.example.com, RequestInterval: 20', [
      'error template/property 2: RequestInterval is 20; it must be 10 or 30.',
    ]);
    check('Type: HTTP, FullyQualifiedDomainName: a.example.com, FailureThreshold: 11', [
      'error template/property 2: FailureThreshold is 11; it must be from 1 to 10.',
    ]);
    check('Type: HTTP, FullyQualifiedDomainName: a.example.com, Port: 65536', [
      'error template/property 2: Port is 65536; it must be from 1 to 65535.',
    ]);
    check('Type: HTTP, IPAddress: 10.0.0.1', [
      'error template/property 2: Route 53 does not check private or reserved addresses such as 10.0.0.1.',
    ]);
    check('Type: HTTP, FullyQualifiedDomainName: a.example.com, Regions: [us-east-1, eu-west-1]', [
      'error template/property 2: Regions must name at least three Regions.',
    ]);
    check('Type: HTTP', [
      'error template/property 2: An endpoint health check needs FullyQualifiedDomainName or IPAddress.',
    ]);
    check('Type: TCP, IPAddress: 93.184.216.34', ['error template/property 2: A TCP health check needs Port.']);
  });

  test.each([
    ['private', '10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 fd00::1'],
    ['loopback', '127.0.0.1 ::1'],
    ['link-local', '169.254.169.254 fe80::1'],
    ['documentation', '192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1'],
    ['multicast', '224.0.0.1 239.255.255.255 ff02::1'],
  ])('R53 HC-16: %s addresses are not checked', (_, addresses) => {
    for (const address of addresses.split(' '))
      check(`Type: HTTP, IPAddress: '${address}'`, [
        `error template/property 2: Route 53 does not check private or reserved addresses such as ${address}.`,
      ]);
  });

  test('R53 HC-16: the addresses beside them are', () => {
    for (const address of '9.255.255.255 11.0.0.1 172.15.0.1 172.32.0.1 192.167.1.1 223.255.255.1 2606:4700::1'.split(
      ' ',
    ))
      check(`Type: HTTP, IPAddress: '${address}'`, { ipAddress: address });
  });

  test('a check that AWS would refuse leaves its records always healthy (R53 RP-02, HC-27)', () => {
    const { value, findings } = readOne(`Resources:
  H: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { Type: CALCULATED, ChildHealthChecks: [x] } } }
  R: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1], HealthCheckId: !Ref H, Failover: PRIMARY, SetIdentifier: p } }
`);
    expect(value.recordSets[0]).not.toHaveProperty('healthCheckId');
    expect(findings.map(inLine)).toEqual([
      'error template/property 2: A CALCULATED health check needs ChildHealthChecks and HealthThreshold.',
    ]);
  });
});
