import { describe, expect, test } from 'vitest';
import type { Estate } from '../../test/estate-in-text.ts';
import {
  alias,
  api,
  apiDomain,
  apiHost,
  distribution,
  EU,
  failover,
  healthCheck,
  holds,
  HTTPS,
  origin,
  record,
  saidOf,
  toDomain,
  US,
  values,
} from '../../test/estate-in-text.ts';

/*
 * Each trap once set and once not, in the text of templates. Findings of other codes do not matter here: what a
 * trap needs around it is kept small.
 */

describe('failover records', () => {
  const both = (primary: string, secondary: string): string =>
    record('P', `${failover('PRIMARY', 'C')}, ${primary}`) + record('S', `${failover('SECONDARY', 'D')}, ${secondary}`);
  const checks = healthCheck('C', HTTPS) + healthCheck('D', HTTPS.replace('eu', 'us'));

  test('with one check for both never move anything (R53 RP-05, PP-07)', () => {
    const estate = both(values('192.0.2.1'), values('192.0.2.2')) + checks;
    holds('check/shared-health-check', {
      bad: { [EU]: estate.replace('!Ref D', '!Ref C') },
      good: { [EU]: estate },
      says: ['warning eu-west-1-0.yaml:3 Both failover records of api.example.com carry one health check'],
    });
  });

  test('alone have nowhere to go, which is told when all Regions are there', () => {
    const one = record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`) + checks;
    const other = record('S', `${failover('SECONDARY')}, ${values('192.0.2.2')}`);
    holds('check/lone-failover-record', {
      bad: { [EU]: one, [US]: checks },
      good: { [EU]: one, [US]: other },
      says: ['note eu-west-1-0.yaml:2 api.example.com of type A has no SECONDARY record in these templates'],
    });
    expect(saidOf('check/lone-failover-record', { [EU]: one })).toEqual([]);
  });

  test('that lead to one Region go with it', () => {
    const domain = (id: string): string => apiDomain().replace('  Domain:', `  ${id}:`);
    const target = (id: string): string => toDomain().replaceAll('!GetAtt Domain.', `!GetAtt ${id}.`);
    holds('check/failover-within-region', {
      bad: { [EU]: domain('One') + domain('Two') + checks + both(target('One'), target('Two')) },
      good: {
        [EU]: domain('One') + checks + record('P', `${failover('PRIMARY', 'C')}, ${target('One')}`),
        [US]: domain('Two') + checks + record('S', `${failover('SECONDARY', 'D')}, ${target('Two')}`),
      },
      says: ['Both failover records of api.example.com lead to eu-west-1: when the Region goes, both go.'],
    });
  });

  test('of type A do not move those who ask for AAAA (R53 WS-06)', () => {
    const six = (more: string): string =>
      `  Six: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: api.example.com, Type: AAAA, ${more}, TTL: 60, ResourceRecords: ["2001:db8::1"] } }\n`;
    const estate = both(values('192.0.2.1'), values('192.0.2.2')) + checks;
    holds('check/unpaired-address-type', {
      bad: { [EU]: estate + six('Comment: all') },
      good: { [EU]: estate + six(failover('PRIMARY', 'C')) },
      says: [
        'api.example.com fails over for A but has one simple AAAA record: clients that prefer AAAA stay where that leads.',
      ],
    });
  });

  test('that are missing stay missing for the negative TTL of the zone (R53 WS-02)', () => {
    const soa = (least: number): Estate => ({
      [EU]: `  Soa: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: example.com, Type: SOA, TTL: 3600, ResourceRecords: ["ns-1.example.net. host.example.com. 1 7200 900 1209600 ${least}"] } }\n`,
    });
    holds('check/long-negative-ttl', {
      bad: soa(86_400),
      good: soa(60),
      says: [
        'The SOA record of example.com lets resolvers keep for 3600 s that a name or an address of a type is missing',
      ],
    });
  });

  test('without a check on a primary that is no alias are refused, as tools report (R53 CH-19, PP-09)', () => {
    const bare = record('P', `${failover('PRIMARY')}, ${values('192.0.2.1')}`);
    expect(saidOf('check/primary-without-health', { [EU]: bare })).toEqual([]);
    // The reader tells it; a record that AWS refuses is in no world.
    expect(
      saidOf('check/primary-without-health', {
        [EU]: apiDomain() + record('P', `${failover('PRIMARY')}, ${toDomain()}`),
      }),
    ).toEqual([expect.stringContaining('EvaluateTargetHealth sees only a failure of the whole service')]);
  });
});

describe('competing records', () => {
  const weighted = (id: string, weight: number, more = ''): string =>
    record(id, `SetIdentifier: ${id}, Weight: ${weight}, ${values('192.0.2.1')}${more}`);
  const check = healthCheck('C', HTTPS);
  const checked = ', HealthCheckId: !Ref C';

  test('rely on EvaluateTargetHealth of an API in vain (R53 ET-05, PP-02)', () => {
    const latency = (more: string): Estate => ({
      [EU]: apiDomain() + check + record('R', `SetIdentifier: eu, Region: eu-west-1, ${toDomain()}${more}`),
    });
    holds('check/blind-target-health', {
      bad: latency(''),
      good: latency(checked),
      says: [
        'The record api.example.com relies on EvaluateTargetHealth of an API: it turns unhealthy only when the whole service fails',
      ],
    });
  });

  test('without any check keep sending users to a dead Region (R53 RP-02)', () =>
    holds('check/no-health-in-group', {
      bad: { [EU]: weighted('A', 1) + weighted('B', 1) },
      good: { [EU]: check + weighted('A', 1, checked) + weighted('B', 1, checked) },
      says: ['note eu-west-1-0.yaml:2 The 2 weighted records of api.example.com have no health checks'],
    }));

  test('by latency without any check are worth a warning, for they are there for Regions (R53 RP-10)', () => {
    const latency = (id: string, region: string): string =>
      record(id, `SetIdentifier: ${id}, Region: ${region}, ${values('192.0.2.1')}`);
    expect(saidOf('check/no-health-in-group', { [EU]: latency('A', EU) + latency('B', US) })).toEqual([
      expect.stringMatching(/^warning .* The 2 latency records of api.example.com have no health checks/),
    ]);
  });

  test('one without a check draws the traffic of the others (R53 ET-10)', () =>
    holds('check/unchecked-among-checked', {
      bad: { [EU]: check + weighted('A', 1, checked) + weighted('B', 1) },
      good: { [EU]: check + weighted('A', 1, checked) + weighted('B', 1, checked) },
      says: [
        'warning eu-west-1-0.yaml:4 One of the weighted records of api.example.com has no health check while others have',
      ],
    }));

  test('of weight 0 are a standby (R53 RP-08, PP-07)', () =>
    holds('check/weight-zero-is-standby', {
      bad: { [EU]: check + weighted('A', 100, checked) + weighted('B', 0, checked) },
      good: { [EU]: check + weighted('A', 100, checked) + weighted('B', 1, checked) },
      says: ['note eu-west-1-0.yaml:4 A record of api.example.com has weight 0, which is not off'],
    }));

  test('all of weight 0 share equally (R53 RP-07)', () =>
    holds('check/all-weights-zero', {
      bad: { [EU]: weighted('A', 0) + weighted('B', 0) },
      good: { [EU]: weighted('A', 0) + weighted('B', 5) },
      says: ['All 2 weighted records of api.example.com have weight 0: Route 53 then gives each an equal share.'],
    }));

  test('of more than eight values are never all in an answer (R53 RP-14)', () => {
    const many = (count: number): Estate => ({
      [EU]: Array.from({ length: count }, (_, index) =>
        record(`R${index}`, `SetIdentifier: r${index}, MultiValueAnswer: true, ${values(`192.0.2.${index}`)}`),
      ).join(''),
    });
    holds('check/multivalue-beyond-answer', {
      bad: many(9),
      good: many(8),
      says: ['api.example.com has 9 multivalue records, and an answer holds 8 of those that are healthy'],
    });
  });

  test('by place without a default leave users without an answer (R53 RP-11)', () => {
    const geo = (id: string, location: string): string =>
      record(id, `SetIdentifier: ${id}, GeoLocation: { ${location} }, ${values('192.0.2.1')}`);
    holds('check/no-default-location', {
      bad: { [EU]: geo('A', 'ContinentCode: EU') + geo('B', 'CountryCode: US') },
      good: { [EU]: geo('A', 'ContinentCode: EU') + geo('B', 'CountryCode: "*"') },
      says: [
        'The geolocation records of api.example.com have no default: users whom none of them is for get an empty answer',
      ],
    });
  });

  test('are answered from a branch that is not evaluated (R53 ET-09)', () => {
    const leaf = record(
      'Leaf',
      `SetIdentifier: l, Weight: 1, HealthCheckId: !Ref C, ${values('192.0.2.1')}`,
      'eu.example.com',
    );
    const branch = (evaluate: boolean): Estate => ({
      [EU]:
        check.replace('eu.example.com', 'leaf.example.com') +
        leaf +
        record('Branch', `SetIdentifier: eu, Region: eu-west-1, ${alias('eu.example.com', evaluate)}`),
    });
    holds('check/unevaluated-branch', {
      bad: branch(false),
      good: branch(true),
      says: [
        'The record api.example.com is an alias to eu.example.com, whose records have health checks, but does not evaluate them',
      ],
    });
  });
});

describe('what records lead to', () => {
  test('two distributions of one name (R53 AL-08, PP-01)', () => {
    const web = (id: string, more: string): string =>
      distribution(id, { origins: origin('a', 'eu.example.com'), more });
    const to = (id: string): string =>
      `AliasTarget: { DNSName: !GetAtt ${id}.DomainName, HostedZoneId: Z2FDTNDATAQYW2, EvaluateTargetHealth: false }`;
    const sides = (second: string): Estate => ({
      [US]:
        web('One', 'Aliases: [api.example.com]') +
        web('Two', 'Aliases: [other.example.com]') +
        healthCheck('C', HTTPS) +
        record('P', `${failover('PRIMARY', 'C')}, ${to('One')}`) +
        record('S', `${failover('SECONDARY', 'C')}, ${second}`),
    });
    holds('check/cloudfront-on-both-sides', {
      bad: sides(to('Two')),
      good: sides(values('192.0.2.2')),
      says: [
        'Both failover records of api.example.com lead to CloudFront, to two distributions; only one of them can have that name',
      ],
    });
  });

  test('a distribution that does not list the name (R53 AL-08, CF 2.28)', () => {
    const cname =
      '  C: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: www.example.com, Type: CNAME, TTL: 60, ResourceRecords: [!GetAtt Web.DomainName] } }\n';
    const web = (more: string): Estate => ({
      [US]: distribution('Web', { origins: origin('a', 'eu.example.com'), more }) + cname,
    });
    holds('check/name-missing-at-distribution', {
      bad: web('Aliases: [example.com]'),
      good: web('Aliases: ["*.example.com"]'),
      says: [
        'www.example.com leads to the distribution Web, which does not list it among its aliases (example.com): CloudFront answers 403.',
      ],
    });
  });

  test('an API where the failover name is not registered (R53 AL-09, RS 3.39, 3.44, 3.46)', () => {
    const cname = (id: string, more: string, target: string): string =>
      `  ${id}: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: api.example.com, Type: CNAME, TTL: 60, ${more}, ResourceRecords: [${target}] } }\n`;
    const primary =
      apiDomain() + healthCheck('C', HTTPS) + cname('P', failover('PRIMARY', 'C'), '!GetAtt Domain.RegionalDomainName');
    const secondary = (name: string): string =>
      apiDomain(name) + cname('S', failover('SECONDARY'), '!GetAtt Domain.RegionalDomainName');
    holds('check/name-missing-at-api', {
      bad: { [EU]: primary, [US]: secondary('us.example.com') },
      good: { [EU]: primary, [US]: secondary('api.example.com') },
      says: [
        'warning us-east-1-1.yaml:3 api.example.com leads as SECONDARY to an endpoint in us-east-1 where no custom domain name api.example.com is registered',
      ],
    });
    const aliased = (name: string): Estate => ({ [EU]: apiDomain(name) + record('R', toDomain()) });
    expect(saidOf('check/name-missing-at-api', aliased('eu.example.com'))).toHaveLength(1);
    expect(saidOf('check/name-missing-at-api', aliased('*.example.com'))).toEqual([]);
    const direct = { [EU]: api() + cname('R', 'Comment: x', apiHost) };
    expect(saidOf('check/name-missing-at-api', direct)).toEqual([
      expect.stringContaining('leads to an API itself, whose certificate is for its own name only'),
    ]);
  });

  test('an S3 website whose bucket has another name (R53 AL-07, PP-11, RS 5.4)', () => {
    const bucket = (id: string, name: string): string =>
      `  ${id}: { Type: AWS::S3::Bucket, Properties: { BucketName: ${name}, WebsiteConfiguration: { IndexDocument: index.html } } }\n`;
    const www = record('R', alias('s3-website-eu-west-1.amazonaws.com'), 'www.example.com');
    holds('check/website-bucket-name', {
      bad: { [EU]: bucket('B', 'www-example-eu') + www },
      good: { [EU]: bucket('B', 'www.example.com') + www },
      says: [
        'error eu-west-1-0.yaml:3 The alias www.example.com leads to the S3 websites of eu-west-1, which look for a bucket named www.example.com; no website of these templates in eu-west-1 has that name.',
      ],
    });
    expect(saidOf('check/website-bucket-name', { [EU]: www, [US]: bucket('B', 'www.example.com') })[0]).toContain(
      'that bucket is in us-east-1',
    );
    // Buckets that are in no template may be right.
    expect(saidOf('check/website-bucket-name', { [EU]: www })).toEqual([]);
  });

  test('two S3 websites, which would be one bucket (R53 AL-07, PP-11)', () => {
    const side = (id: string, role: 'PRIMARY' | 'SECONDARY', target: string): string =>
      record(id, `${failover(role, 'C')}, ${target}`, 'www.example.com');
    const eu = alias('s3-website-eu-west-1.amazonaws.com');
    const estate = (second: string): Estate => ({
      [EU]: healthCheck('C', HTTPS) + side('P', 'PRIMARY', eu) + side('S', 'SECONDARY', second),
    });
    holds('check/website-twice', {
      bad: estate(alias('s3-website.eu-central-1.amazonaws.com')),
      good: estate(values('192.0.2.2')),
      says: ['error eu-west-1-0.yaml:4 www.example.com has two records that lead to S3 websites'],
    });
  });
});
