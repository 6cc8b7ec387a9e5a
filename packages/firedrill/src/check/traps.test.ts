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
  group,
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

describe('origin groups', () => {
  const origins = `${origin('a', 'eu.example.com')}, ${origin('b', 'us.example.com')}`;
  const all = 'AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]';
  const withBehavior = (behavior: string): Estate => ({
    [US]: distribution('Web', { origins, groups: group(), behavior }),
  });

  test('take writes that never fail over (CF 1.3, 1.35, 1.36, 8.1)', () =>
    holds('check/writes-behind-origin-group', {
      bad: withBehavior(all),
      good: withBehavior('AllowedMethods: [GET, HEAD, OPTIONS]'),
      says: [
        'warning us-east-1-0.yaml:8 The behaviour * sends PUT, PATCH, POST and DELETE to the origin group g: these never fail over,',
      ],
    }));

  test('leave preflights behind when OPTIONS is not cached (CF 1.4, 8.7)', () =>
    holds('check/preflight-left-behind', {
      bad: withBehavior('AllowedMethods: [GET, HEAD, OPTIONS]'),
      good: withBehavior('AllowedMethods: [GET, HEAD, OPTIONS], CachedMethods: [GET, HEAD, OPTIONS]'),
      says: ['allows OPTIONS but does not cache it, so it never fails over in the origin group g'],
    }));

  test('that list 403 and 404 ask twice for what is missing (CF 8.8)', () =>
    holds('check/failover-on-client-errors', {
      bad: { [US]: distribution('Web', { origins, groups: group('403, 404, 500, 502, 503, 504') }) },
      // 429 is selectable since it was asked for (CF 8.5); a throttled primary is reason enough.
      good: { [US]: distribution('Web', { origins, groups: group('429, 500, 502, 503, 504') }) },
      says: [
        'note us-east-1-0.yaml:9 The origin group g fails over on 403 and 404: whatever is missing is asked for twice',
      ],
    }));

  test('of one Region go with it', () => {
    const eu = origin('a', 'aaaaaaaaaa.execute-api.eu-west-1.amazonaws.com');
    const other = (region: string): string => origin('b', `bbbbbbbbbb.execute-api.${region}.amazonaws.com`);
    const estate = (region: string): Estate => ({
      [US]: distribution('Web', { origins: `${eu}, ${other(region)}`, groups: group() }),
    });
    holds('check/group-within-region', {
      bad: estate(EU),
      good: estate(US),
      says: ['Both members of the origin group g stand in eu-west-1: when the Region goes, both go.'],
    });
    const twice = `${origin('a', 'x.example.com')}, ${origin('b', 'x.example.com')}`;
    expect(
      saidOf('check/group-within-region', { [US]: distribution('Web', { origins: twice, groups: group() }) }),
    ).toEqual([expect.stringContaining('Both members of the origin group g are x.example.com')]);
  });

  test('of one failover name meet the dead endpoint twice', () => {
    const names =
      record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`) +
      record('S', `${failover('SECONDARY')}, ${values('192.0.2.2')}`);
    const check = healthCheck('C', HTTPS);
    const second = (name: string): string =>
      distribution('Web', { origins: `${origin('a', 'api.example.com')}, ${origin('b', name)}`, groups: group() });
    holds('check/group-of-one-name', {
      bad: {
        [US]:
          names + check + record('Www', alias('api.example.com', true), 'www.example.com') + second('www.example.com'),
      },
      good: { [US]: names + check + second('us.example.com') },
      says: ['Both members of the origin group g lead to the failover name api.example.com'],
    });
  });

  test('run an edge function for each attempt (CF 1.23, 8.9)', () => {
    const associated = (event: string): string =>
      `LambdaFunctionAssociations: [{ EventType: ${event}, LambdaFunctionARN: "arn:aws:lambda:us-east-1:123456789012:function:f:1" }]`;
    holds('check/edge-function-runs-twice', {
      bad: withBehavior(associated('origin-request')),
      good: withBehavior(associated('viewer-request')),
      says: ['note us-east-1-0.yaml:8 A function at origin-request stands before an origin group'],
    });
  });
});

describe('distributions', () => {
  test("pass the viewer's Host to an API that does not know it (CF 3.38, 8.4, RS 3.44)", () => {
    const policy = (id: string): string => `OriginRequestPolicyId: ${id}`;
    const estate = (behavior: string, more = ''): Estate => ({
      [EU]: apiDomain() + record('R', toDomain()),
      [US]: distribution('Web', { origins: origin('a', 'api.example.com'), behavior, more }),
    });
    // AllViewer, and AllViewerExceptHostHeader (CF 3.21).
    const [allViewer, exceptHost] = ['216adef6-5c7f-47e4-b989-5492eafa07d3', 'b689b0a8-53d0-40ab-baf2-68738e2966ac'];
    holds('check/host-forwarded', {
      bad: estate(policy(allViewer), 'Aliases: [www.example.com]'),
      good: estate(policy(exceptHost), 'Aliases: [www.example.com]'),
      says: [
        "The behaviour * passes the viewer's Host (www.example.com) on to the origin a, api.example.com, which does not know that name and answers 403.",
      ],
    });
    // With the custom domain's own name the Host is known.
    expect(saidOf('check/host-forwarded', estate(policy(allViewer), 'Aliases: [api.example.com]'))).toEqual([]);
  });

  test('keep an error after the recovery (CF 2.1)', () => {
    const kept = (seconds: number): Estate => ({
      [US]: distribution('Web', {
        origins: origin('a', 'eu.example.com'),
        more: `CustomErrorResponses: [{ ErrorCode: 503, ErrorCachingMinTTL: ${seconds} }]`,
      }),
    });
    holds('check/long-error-caching', {
      bad: kept(300),
      good: kept(10),
      says: ['The distribution Web keeps a 503 for 300 s: users near an edge that has one get it for so long'],
    });
  });

  test('take edge functions in us-east-1, by number (CF 5.22)', () => {
    const named = (arn: string): Estate => ({
      [US]: distribution('Web', {
        origins: origin('a', 'eu.example.com'),
        behavior: `LambdaFunctionAssociations: [{ EventType: viewer-request, LambdaFunctionARN: "${arn}" }]`,
      }),
    });
    holds('check/edge-function-elsewhere', {
      bad: named('arn:aws:lambda:eu-west-1:123456789012:function:f:3'),
      good: named('arn:aws:lambda:us-east-1:123456789012:function:f:3'),
      says: [
        'error us-east-1-0.yaml:8 The distribution Web has an edge function that CloudFront refuses: it is in eu-west-1.',
      ],
    });
    const unnumbered = named('arn:aws:lambda:us-east-1:123456789012:function:f');
    expect(saidOf('check/edge-function-elsewhere', unnumbered)[0]).toContain('it names no version');
    const latest = named('arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST');
    expect(saidOf('check/edge-function-elsewhere', latest)[0]).toContain('$LATEST is no numbered version');
  });

  test('take edge functions that need no more than the edge has (CF 5.21, 5.22)', () => {
    const edge = (properties: string): Estate => ({
      [US]: `  F: { Type: AWS::Lambda::Function, Properties: { Role: arn, Handler: index.handler, Code: { ZipFile: x }, ${properties} } }
  V: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref F } }
${distribution('Web', {
  origins: origin('a', 'eu.example.com'),
  behavior: 'LambdaFunctionAssociations: [{ EventType: viewer-request, LambdaFunctionARN: !Ref V }]',
})}`,
    });
    const good = edge('Runtime: nodejs22.x, Timeout: 30, EphemeralStorage: { Size: 512 }, Architectures: [x86_64]');
    const says = (properties: string, words: string): void =>
      holds('check/edge-function-unsupported', {
        bad: edge(properties),
        good,
        says: [`error us-east-1-0.yaml:2 The function F runs at the edge and has ${words}; CloudFront refuses it.`],
      });
    says('Runtime: python3.13, Environment: { Variables: { STAGE: prod } }', 'environment variables');
    says('Runtime: nodejs22.x, Timeout: 31', 'a timeout of 31 s (at most 30)');
    says('Runtime: nodejs22.x, EphemeralStorage: { Size: 513 }', '513 MB of storage (at most 512)');
    says('Runtime: java21, Architectures: [arm64]', 'the runtime java21, arm64');
    says('PackageType: Image', 'a container image');
    says('Runtime: nodejs22.x, Layers: [a], VpcConfig: { SubnetIds: [s] }', 'layers, a VPC');
    says(
      'Runtime: nodejs22.x, TracingConfig: { Mode: Active }, DeadLetterConfig: { TargetArn: a }',
      'X-Ray tracing, a dead letter queue',
    );
    // A function that is nowhere at the edge may have all that.
    const elsewhere = {
      [US]:
        good[US]
          ?.replace('Timeout: 30', 'Timeout: 900')
          .replace('!Ref V', '"arn:aws:lambda:us-east-1:1:function:g:1"') ?? '',
    };
    expect(saidOf('check/edge-function-unsupported', elsewhere)).toEqual([]);
  });
});

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

describe('load balancers', () => {
  const balancer = (more = ''): string =>
    `  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Name: lb, Subnets: [subnet-1, subnet-2], SecurityGroups: [!GetAtt Group.GroupId]${more} } }\n`;
  const sg = (rule: string): string =>
    `  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, VpcId: vpc-1, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, ${rule} }] } }\n`;
  const probed = healthCheck('C', 'Type: HTTPS, RequestInterval: 10, FullyQualifiedDomainName: !GetAtt Lb.DNSName');

  test('behind a security group shut checkers out (R53 HC-43, PP-05)', () => {
    holds('check/checkers-shut-out', {
      bad: { [EU]: sg('CidrIp: 198.51.100.0/24') + balancer() + probed },
      good: { [EU]: sg('SourcePrefixListId: pl-1') + balancer() + probed },
      says: ['on port 443, but the security group Group lets in neither everybody nor a prefix list there'],
    });
    expect(saidOf('check/checkers-shut-out', { [EU]: sg('CidrIp: 0.0.0.0/0') + balancer() + probed })).toEqual([]);
    expect(
      saidOf('check/checkers-shut-out', { [EU]: sg('CidrIp: 0.0.0.0/0') + balancer(', Scheme: internal') + probed })[0],
    ).toContain('the load balancer Lb is internal');
  });

  test('behind a web ACL that blocks by default may refuse checkers (R53 PP-05)', () => {
    const acl = (action: string): Estate => ({
      [EU]: `${sg('CidrIp: 0.0.0.0/0')}${balancer()}${probed}  Acl: { Type: AWS::WAFv2::WebACL, Properties: { Scope: REGIONAL, DefaultAction: { ${action}: {} } } }
  Guards: { Type: AWS::WAFv2::WebACLAssociation, Properties: { ResourceArn: !Ref Lb, WebACLArn: !GetAtt Acl.Arn } }\n`,
    });
    holds('check/web-acl-blocks', {
      bad: acl('Block'),
      good: acl('Allow'),
      says: ['behind the web ACL Acl, which blocks what no rule of it allows'],
    });
  });

  test('that redirect are well, whatever is behind them (R53 HC-09)', () => {
    const listener = (type: string): string =>
      `  Redirect: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Lb, Port: 80, Protocol: HTTP, DefaultActions: [{ Type: ${type} }] } }\n`;
    const plain = healthCheck('C', 'Type: HTTP, RequestInterval: 10, FullyQualifiedDomainName: !GetAtt Lb.DNSName');
    const estate = (type: string): Estate => ({ [EU]: sg('CidrIp: 0.0.0.0/0') + balancer() + listener(type) + plain });
    holds('check/redirect-probed', {
      bad: estate('redirect'),
      good: estate('forward'),
      says: ['on port 80, where the load balancer only redirects: a redirect is healthy and is not followed'],
    });
  });

  test('keep connections that DNS does not move (R53 RV-16, RC-09)', () => {
    const cname =
      '  P: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: api.example.com, Type: CNAME, TTL: 60, Failover: PRIMARY, SetIdentifier: p, HealthCheckId: !Ref C, ResourceRecords: [!GetAtt Lb.DNSName] } }\n';
    const estate = (more: string): Estate => ({ [EU]: sg('CidrIp: 0.0.0.0/0') + balancer(more) + probed + cname });
    holds('check/long-keep-alive', {
      bad: estate(''),
      good: estate(', LoadBalancerAttributes: [{ Key: client_keep_alive.seconds, Value: "300" }]'),
      says: [
        'note eu-west-1-0.yaml:3 The load balancer Lb keeps connections of clients for 3600 s, and DNS moves none of them',
      ],
    });
  });
});

describe('accelerators', () => {
  const head = `  Acc: { Type: AWS::GlobalAccelerator::Accelerator, Properties: { Name: acc } }
  Listener: { Type: AWS::GlobalAccelerator::Listener, Properties: { AcceleratorArn: !Ref Acc, Protocol: TCP, PortRanges: [{ FromPort: 443, ToPort: 443 }] } }\n`;
  const endpointGroup = (id: string, region: string, more = ''): string =>
    `  ${id}: { Type: AWS::GlobalAccelerator::EndpointGroup, Properties: { ListenerArn: !Ref Listener, EndpointGroupRegion: ${region}${more} } }\n`;
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/lb/0123456789abcdef';

  test('with one endpoint group have nowhere to go (RS 2.5, 2.16)', () =>
    holds('check/lone-endpoint-group', {
      bad: { [US]: head + endpointGroup('One', EU) },
      good: { [US]: head + endpointGroup('One', EU) + endpointGroup('Two', US) },
      says: ['warning us-east-1-0.yaml:4 The listener Listener has one endpoint group'],
    }));

  test('use a group that is dialled to 0 when others fail (RS 2.15)', () =>
    holds('check/dial-zero-is-standby', {
      bad: { [US]: head + endpointGroup('One', EU, ', TrafficDialPercentage: 0') },
      good: { [US]: head + endpointGroup('One', EU, ', TrafficDialPercentage: 10') },
      says: ['note us-east-1-0.yaml:4 The endpoint group of eu-west-1 is dialled to 0, which is not off'],
    }));

  test('do not probe load balancers themselves (RS 2.7)', () => {
    const probing = (id: string): Estate => ({
      [US]:
        head +
        endpointGroup('One', EU, `, HealthCheckPath: /health, EndpointConfigurations: [{ EndpointId: "${id}" }]`),
    });
    holds('check/unused-endpoint-health-check', {
      bad: probing(arn),
      good: probing('eipalloc-1'),
      says: ['The endpoint group sets HealthCheckPath, but all its endpoints are load balancers'],
    });
  });
});

describe('routing controls', () => {
  const control = (id: string): string =>
    `  ${id}: { Type: AWS::Route53RecoveryControl::RoutingControl, Properties: { Name: ${id}, ControlPanelArn: "arn:aws:route53-recovery-control::123456789012:controlpanel/p" } }\n`;
  const followed = (id: string, controlId: string): string =>
    healthCheck(id, `Type: RECOVERY_CONTROL, RoutingControlArn: !Ref ${controlId}`);
  const rule = (...ids: readonly string[]): string =>
    `  Rule: { Type: AWS::Route53RecoveryControl::SafetyRule, Properties: { Name: r, ControlPanelArn: p, RuleConfig: { Type: ATLEAST, Threshold: 1, Inverted: false }, AssertionRule: { WaitPeriodMs: 5000, AssertedControls: [${ids.map((id) => `!Ref ${id}`).join(', ')}] } } }\n`;
  const two = control('Eu') + control('Us') + followed('C', 'Eu') + followed('D', 'Us');

  test('without a safety rule can all be turned off (check/no-safety-rule)', () =>
    holds('check/no-safety-rule', {
      bad: { [EU]: two },
      good: { [EU]: two + rule('Eu', 'Us') },
      says: ['No safety rule guards the routing control Eu', 'No safety rule guards the routing control Us'],
    }));

  test('one for both sides moves nothing (R53 HC-35, RP-05)', () => {
    const sides =
      record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`) +
      record('S', `${failover('SECONDARY', 'D')}, ${values('192.0.2.2')}`);
    holds('check/one-control-for-both', {
      bad: { [EU]: two.replace('RoutingControlArn: !Ref Us', 'RoutingControlArn: !Ref Eu') + sides },
      good: { [EU]: two + sides },
      says: ['The checks of both failover records of api.example.com follow one routing control'],
    });
  });

  test('that no check follows move nothing (R53 HC-35)', () =>
    holds('check/control-without-check', {
      bad: { [EU]: control('Eu') },
      good: { [EU]: control('Eu') + followed('C', 'Eu') },
      says: ['warning eu-west-1-0.yaml:2 No health check of these templates follows the routing control Eu'],
    }));
});

describe('custom error pages', () => {
  const origins = `${origin('a', 'eu.example.com')}, ${origin('b', 'us.example.com')}`;
  const withPage = (responses: string, behaviors = '', behavior = ''): Estate => ({
    [US]: distribution('Web', {
      origins,
      behavior,
      more: `CustomErrorResponses: [${responses}]${behaviors === '' ? '' : `\n        CacheBehaviors: [${behaviors}]`}`,
    }),
  });
  const page = (code: number, says: number): string =>
    `{ ErrorCode: ${code}, ResponseCode: ${says}, ResponsePagePath: /errors/sorry.html }`;
  const own = (target: string): string =>
    `{ PathPattern: errors/*, TargetOriginId: ${target}, ViewerProtocolPolicy: https-only, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad }`;
  const writes = 'AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]';

  test('that say 200 let writes seem done (CF 2.16)', () =>
    holds('check/error-page-says-success', {
      bad: withPage(`${page(502, 200)}, ${page(503, 200)}, ${page(404, 200)}`, '', writes),
      good: withPage(`${page(502, 502)}, ${page(503, 503)}, ${page(404, 200)}`, '', writes),
      says: [
        'The distribution Web turns 502 and 503 into 200, also for writes to *: their senders take for done what was not.',
      ],
    }));

  test('that say 200 are well where nobody writes (CF 2.16)', () =>
    expect(saidOf('check/error-page-says-success', withPage(page(503, 200)))).toEqual([]));

  test('of the origin that fails fail, too (CF 2.17, 2.18)', () =>
    holds('check/error-page-of-failing-origin', {
      bad: withPage(page(503, 503), own('a')),
      good: withPage(page(503, 503), own('b')),
      says: ['The page /errors/sorry.html for 503 comes from a, as what fails does'],
    }));
});

describe('quotas', () => {
  const origins = (count: number): string =>
    Array.from({ length: count }, (_, i) => origin(`o${i}`, `o${i}.example.com`)).join(', ');

  test('of a distribution (CF 7.1)', () =>
    holds('check/quota-exceeded', {
      bad: { [US]: distribution('Web', { origins: `${origin('a', 'eu.example.com')}, ${origins(100)}` }) },
      good: { [US]: distribution('Web', { origins: `${origin('a', 'eu.example.com')}, ${origins(99)}` }) },
      says: ['warning us-east-1-0.yaml:2 The distribution Web has 101 origins; CloudFront allows 100.'],
    }));

  test('of a policy (CF 7.4)', () => {
    const policy = (count: number): string => {
      const names = Array.from({ length: count }, (_, i) => `c${i}`).join(', ');
      return `  P: { Type: AWS::CloudFront::OriginRequestPolicy, Properties: { OriginRequestPolicyConfig: { Name: mine, CookiesConfig: { CookieBehavior: whitelist, Cookies: [${names}] }, HeadersConfig: { HeaderBehavior: none }, QueryStringsConfig: { QueryStringBehavior: all } } } }\n`;
    };
    const web = distribution('Web', {
      origins: origin('a', 'eu.example.com'),
      behavior: 'OriginRequestPolicyId: !Ref P',
    });
    holds('check/quota-exceeded', {
      bad: { [US]: web + policy(11) },
      good: { [US]: web + policy(10) },
      says: ['The policy mine has 11 cookies; CloudFront allows 10.'],
    });
  });
});

describe('runbooks', () => {
  test('that edit records need us-east-1 (R53 PP-12, ST-01, ST-08)', () => {
    const code = (call: string): Estate => ({
      [EU]: `  Runbook:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: r
      Code:
        ZipFile: |
          exports.handler = () => client.send(new ${call}({}));\n`,
    });
    holds('check/runbook-edits-records', {
      bad: code('ChangeResourceRecordSetsCommand'),
      good: code('PutMetricDataCommand'),
      says: [
        "warning eu-west-1-0.yaml:9 Runbook calls ChangeResourceRecordSets. If that is how you fail over, the failover needs Route 53's control plane",
      ],
    });
    const machine = `  Steps: { Type: AWS::StepFunctions::StateMachine, Properties: { RoleArn: r, DefinitionString: '{"Resource":"arn:aws:states:::aws-sdk:route53:changeResourceRecordSets"}' } }\n`;
    expect(saidOf('check/runbook-edits-records', { [EU]: machine })).toHaveLength(1);
  });

  test('show in the role, where the code is elsewhere (R53 PP-12)', () => {
    const role = (action: string): string =>
      `  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: ${action}, Resource: "*" }] } }] } }\n`;
    const records = record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`) + healthCheck('C', HTTPS);
    holds('check/role-may-edit-records', {
      bad: { [EU]: records + role('route53:ChangeResourceRecordSets') },
      good: { [EU]: records + role('route53:ListHostedZones') },
      says: ['note eu-west-1-0.yaml:4 Role may call route53:ChangeResourceRecordSets'],
    });
    // Without records that fail over it is everyday work.
    expect(saidOf('check/role-may-edit-records', { [EU]: role('route53:ChangeResourceRecordSets') })).toEqual([]);
  });
});
