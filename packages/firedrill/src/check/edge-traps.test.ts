import { describe, expect, test } from 'vitest';
import type { Estate } from '../../test/estate-in-text.ts';
import {
  alias,
  apiDomain,
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

  test('that no behaviour leads to do nothing, however they are set up (CF 1.1, 8.10)', () => {
    const unused = distribution('Web', { origins, groups: group() }).replace('TargetOriginId: g', 'TargetOriginId: a');
    holds('check/unused-origin-group', {
      bad: { [US]: unused },
      good: { [US]: distribution('Web', { origins, groups: group() }) },
      says: [
        'warning us-east-1-0.yaml:9 No behaviour leads to the origin group g, so that nothing fails over to b: they lead to a.',
      ],
    });
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

  test('name origins that public DNS knows, for functions that choose others as well (CF 2.24, 4.15, 4.16, 8.9)', () => {
    const named = (name: string, more = ''): Estate => ({
      [US]: more + distribution('Web', { origins: origin('a', name) }),
    });
    holds('check/origin-without-public-name', {
      bad: named('placeholder.invalid'),
      good: named('placeholder.example.com'),
      says: [
        'warning us-east-1-0.yaml:7 The origin a of Web is placeholder.invalid, which does not resolve: no public name ends in .invalid. CloudFront answers 502,',
      ],
    });
    const zone = (name: string): string =>
      `  Z: { Type: AWS::Route53::HostedZone, Properties: { Name: ${name}, VPCs: [{ VPCId: vpc-1, VPCRegion: us-east-1 }] } }\n`;
    const inside = saidOf('check/origin-without-public-name', named('api.corp.example.org', zone('corp.example.org')));
    expect(inside).toEqual([expect.stringContaining('corp.example.org is a private hosted zone')]);
    // In a zone that is public as well its records may be.
    const both = named('api.example.com', zone('example.com'));
    expect(saidOf('check/origin-without-public-name', both)).toEqual([]);
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

  test('take edge functions that need no more than the edge has (CF 5.21, 5.22; RS 7.12)', () => {
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
    says('Runtime: nodejs22.x, ReservedConcurrentExecutions: 5', 'reserved concurrency');
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
