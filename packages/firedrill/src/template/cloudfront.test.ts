import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

const ORIGIN = 'Id: a, DomainName: a.example.com, CustomOriginConfig: { OriginProtocolPolicy: https-only }';
const OTHER = 'Id: b, DomainName: b.example.com, CustomOriginConfig: { OriginProtocolPolicy: https-only }';
const BEHAVIOR =
  'TargetOriginId: a, ViewerProtocolPolicy: allow-all, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

interface Parts {
  readonly origin?: string;
  readonly behavior?: string;
  readonly groups?: string;
  readonly config?: string;
}

function read({ origin = ORIGIN, behavior = BEHAVIOR, groups, config }: Parts): ReturnType<typeof readOne> {
  const more = [
    ...(groups === undefined ? [] : [`OriginGroups: ${groups}`]),
    ...(config === undefined ? [] : [config]),
  ];
  return readOne(`Resources:
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ ${origin} }, { ${OTHER} }]
        DefaultCacheBehavior: { ${behavior} }
${more.map((line) => `        ${line}`).join('\n')}
`);
}

function check(parts: Parts, expected: readonly string[]): void {
  expect(read(parts).findings.map(inLine)).toEqual(expected);
}

describe('origins', () => {
  test('timeouts and attempts have ranges (CF 1.11, 1.13, 1.18, 9.8)', () => {
    check({ origin: `${ORIGIN}, ConnectionAttempts: 4` }, [
      'error template/property 7: ConnectionAttempts is 4; it must be from 1 to 3.',
    ]);
    check({ origin: `${ORIGIN}, ConnectionTimeout: 0` }, [
      'error template/property 7: ConnectionTimeout is 0; it must be from 1 to 10.',
    ]);
    check({ origin: `${ORIGIN}, ResponseCompletionTimeout: 20` }, [
      'error template/property 7: ResponseCompletionTimeout is 20 s, less than the response timeout of 30 s.',
    ]);
    check({ origin: `${ORIGIN}, ResponseCompletionTimeout: 30` }, []);
  });

  test('CF 1.21: a connection is kept for 5 s unless told, up to 300 s', () => {
    const kept = (more: string): unknown =>
      read({ origin: ORIGIN.replace('https-only }', `https-only${more} }`) }).value.distributions[0]?.origins[0]
        ?.keepaliveTimeoutSeconds;
    expect([kept(''), kept(', OriginKeepaliveTimeout: 300')]).toEqual([5, 300]);
    check({ origin: ORIGIN.replace('https-only }', 'https-only, OriginKeepaliveTimeout: 301 }') }, [
      'error template/property 7: OriginKeepaliveTimeout is 301; it must be from 1 to 300.',
    ]);
  });

  test('CF 4.13: a shield is in one of the Regions that have such', () => {
    const shield = (text: string): Parts => ({ origin: `${ORIGIN}, OriginShield: { ${text} }` });
    check(shield('Enabled: true, OriginShieldRegion: eu-west-3'), [
      'error template/property 7: There is no Origin Shield in eu-west-3.',
    ]);
    check(shield('Enabled: true'), ['error template/property 7: OriginShield is enabled without OriginShieldRegion.']);
    const [one] = read(shield('Enabled: true, OriginShieldRegion: us-east-2')).value.distributions;
    expect(one?.origins[0]?.originShieldRegion).toBe('us-east-2');
    const [off] = read(shield('Enabled: false')).value.distributions;
    expect(off?.origins[0]?.originShieldRegion).toBeUndefined();
  });

  test('CF 4.10: an origin has a name', () => {
    for (const name of ['192.0.2.1', '"a.example.com:8443"'])
      check({ origin: ORIGIN.replace('a.example.com', name) }, [
        `error template/property 7: DomainName is ${name.replaceAll('"', '')}; an origin has a name, not an address or a port.`,
      ]);
  });

  test('paths and ports have a form (CF 4.9, 4.10)', () => {
    check({ origin: `${ORIGIN}, OriginPath: prod` }, [
      'error template/property 7: OriginPath is prod; it begins with a slash and does not end with one.',
    ]);
    check(
      {
        origin:
          'Id: a, DomainName: a.example.com, CustomOriginConfig: { OriginProtocolPolicy: http-only, HTTPPort: 81 }',
      },
      ['error template/property 7: Origins listen on 80, 443 or 1024 to 65535; this is 81.'],
    );
    check({ origin: 'Id: a, DomainName: a.example.com' }, [
      'error template/property 7: An origin needs CustomOriginConfig or S3OriginConfig.',
    ]);
  });

  test('CF 3.42: some names cannot be custom headers', () => {
    const named = (name: string): string => `${ORIGIN}, OriginCustomHeaders: [{ HeaderName: ${name}, HeaderValue: a }]`;
    for (const name of ['Host', 'X-Edge-One', 'x-amz-meta', 'If-Match'])
      check({ origin: named(name) }, [`error template/property 7: ${name} cannot be a custom header of an origin.`]);
    check({ origin: named('X-One') }, []);
  });

  test('CF 6.1: an S3 origin is a bucket, and a website endpoint is a custom origin', () => {
    check({ origin: 'Id: a, DomainName: a.s3.amazonaws.com, S3OriginConfig: {}' }, []);
    check({ origin: 'Id: a, DomainName: a.s3.eu-west-1.amazonaws.com, S3OriginConfig: {}' }, []);
    check({ origin: 'Id: a, DomainName: a.s3-website-eu-west-1.amazonaws.com, S3OriginConfig: {}' }, [
      'error template/property 7: a.s3-website-eu-west-1.amazonaws.com is a website endpoint: it is no S3 origin, takes HTTP only and no access control.',
    ]);
    check({ origin: 'Id: a, DomainName: www.example.com, S3OriginConfig: {}' }, [
      'error template/property 7: www.example.com is no name of an S3 bucket; an origin with S3OriginConfig needs one.',
    ]);
  });
});

describe('origin groups (CF 9.8)', () => {
  const group = (members: string, codes = '{ Quantity: 1, Items: [503] }'): string =>
    `{ Quantity: 1, Items: [{ Id: g, FailoverCriteria: { StatusCodes: ${codes} }, Members: ${members} }] }`;

  test('has two members that are there, and codes that can be chosen', () => {
    const two = '{ Quantity: 2, Items: [{ OriginId: a }, { OriginId: b }] }';
    check({ groups: group(two) }, []);
    check({ groups: group('{ Quantity: 1, Items: [{ OriginId: a }] }') }, [
      'error template/property 9: An origin group has exactly two members, primary first; this has 1.',
    ]);
    check({ groups: group('{ Quantity: 2, Items: [{ OriginId: a }, { OriginId: c }] }') }, [
      'error template/property 9: The origin group names the origin c, which this distribution does not have.',
    ]);
    check({ groups: group('{ Quantity: 2, Items: [{ OriginId: a }, { OriginId: a }] }') }, [
      'error template/property 9: Both members of the origin group are the same origin.',
    ]);
    const selected = (criteria: string): unknown =>
      read({ groups: group(two).replace('Id: g,', `Id: g, SelectionCriteria: ${criteria},`) }).value.distributions[0]
        ?.originGroups[0]?.selection;
    // CF 1.37.
    expect([selected('default'), selected('media-quality-based')]).toEqual([undefined, 'media-quality']);
    check({ groups: group(two, '{ Quantity: 1, Items: [501] }') }, [
      'error template/property 9: 501 is not a failover code; these are 400, 403, 404, 416, 429, 500, 502, 503, 504.',
    ]);
    // CF 1.5: these nine, in any mix, and none of all the others.
    const selectable = [400, 403, 404, 416, 429, 500, 502, 503, 504];
    const listed = (codes: readonly number[]): string => `{ Quantity: ${codes.length}, Items: [${codes.join(', ')}] }`;
    check({ groups: group(two, listed(selectable)) }, []);
    const taken = Array.from({ length: 500 }, (_, n) => 100 + n).filter(
      (code) => read({ groups: group(two, listed([code])) }).findings.length === 0,
    );
    expect(taken).toEqual(selectable);
    check({ groups: group(two, '{ Quantity: 2, Items: [503] }') }, [
      'error template/property 9: Quantity is 2, but there are 1 items.',
    ]);
  });
});

describe('behaviours', () => {
  test('name a target and a policy that are there', () => {
    check({ behavior: BEHAVIOR.replace('TargetOriginId: a', 'TargetOriginId: c') }, [
      'error template/property 8: TargetOriginId names c, which is neither an origin nor an origin group of this distribution.',
    ]);
    check({ behavior: 'TargetOriginId: a, ViewerProtocolPolicy: allow-all' }, [
      'error template/property 8: A behaviour needs CachePolicyId, or the older ForwardedValues.',
    ]);
    check({ behavior: 'TargetOriginId: a, ViewerProtocolPolicy: allow-all, CachePolicyId: mine' }, [
      "error template/property 8: There is no cache policy mine: it is not one of AWS's and in no template read.",
    ]);
    check({ behavior: `${BEHAVIOR}, AllowedMethods: [GET, POST]` }, [
      'error template/property 8: AllowedMethods is GET, POST; that is none of the three sets.',
    ]);
  });

  test('a policy of AWS is found by its id (CF 3.21, 3.22)', () => {
    const id = '33f36d7e-f396-46d9-90e0-52428a34d9dc';
    const found = read({ behavior: `${BEHAVIOR}, OriginRequestPolicyId: ${id}` });
    expect(found.findings).toEqual([]);
    const policy = found.value.distributions[0]?.behaviors[0]?.originRequestPolicy;
    expect([policy?.headers, policy?.cloudFrontHeaders?.length]).toEqual([{ kind: 'all' }, 21]);
    expect(policy?.cloudFrontHeaders).toContain('CloudFront-Is-Mobile-Viewer');
    const mediaTailor = '775133bc-15f2-49f9-abea-afb2e0bf67d2';
    const other = read({ behavior: `${BEHAVIOR}, OriginRequestPolicyId: ${mediaTailor}` });
    expect(other.value.distributions[0]?.behaviors[0]?.originRequestPolicy).toMatchObject({
      queryStrings: { kind: 'all' },
      cookies: { kind: 'none' },
    });
  });

  test('cache policies of AWS have the TTLs and keys that are published', () => {
    const of = (id: string): unknown => {
      const behavior = `TargetOriginId: a, ViewerProtocolPolicy: allow-all, CachePolicyId: ${id}`;
      const policy = read({ behavior }).value.distributions[0]?.behaviors[0]?.cachePolicy;
      if (policy === undefined) return undefined;
      const { minTtlSeconds, defaultTtlSeconds, maxTtlSeconds, headers, cookies, queryStrings, gzip, brotli } = policy;
      const names = (selection: typeof headers): string =>
        selection.kind === 'only' ? selection.names.join(' ') : selection.kind;
      const formats = `${gzip ? 'gzip' : ''} ${brotli ? 'br' : ''}`.trim();
      const ttls = `${minTtlSeconds}/${defaultTtlSeconds}/${maxTtlSeconds}`;
      return [ttls, names(headers), names(cookies), names(queryStrings), formats].join(' | ');
    };
    // CF 3.14, 3.15, 3.16
    expect(of('658327ea-f89d-4fab-a63d-7e88639e58f6')).toBe('1/86400/31536000 | none | none | none | gzip br');
    expect(of('b2884449-e4de-46a7-ac36-70bc7f1ddd6d')).toBe('1/86400/31536000 | none | none | none | ');
    expect(of('4135ea2d-6df8-44a3-9df3-4b5a84be39ad')).toBe('0/0/0 | none | none | none | ');
    // CF 3.17
    expect(of('2e54312d-136d-493c-8eb9-b001f22f67d2')).toBe(
      '2/2/600 | Authorization CloudFront-Viewer-Country Host | all | all | gzip br',
    );
    // CF 3.18
    expect(of('08627262-05a9-4f76-9ded-b50ca2e3a84f')).toBe(
      '0/86400/31536000 | Origin | none | aws.manifestfilter start end m | gzip',
    );
    // CF 3.19
    const methods = 'X-HTTP-Method-Override X-HTTP-Method X-Method-Override';
    expect(of('83da9c7e-98b4-4e11-a168-04f0df8e2c65')).toBe(
      `0/0/31536000 | Host Origin ${methods} | all | none | gzip br`,
    );
    expect(of('4cc15a8a-d715-48a4-82b8-cc0b614638fe')).toBe(
      `0/0/31536000 | Host Origin ${methods} | all | all | gzip br`,
    );
  });

  test('older settings amount to a policy (CF 3.3, 3.13)', () => {
    const legacy = (forwarded: string): unknown =>
      read({
        behavior: `TargetOriginId: a, ViewerProtocolPolicy: allow-all, MinTTL: 100000, ForwardedValues: { ${forwarded} }`,
      }).value.distributions[0]?.behaviors[0]?.cachePolicy;
    expect(legacy('QueryString: true, Cookies: { Forward: all }')).toMatchObject({
      minTtlSeconds: 1e5,
      defaultTtlSeconds: 1e5,
      maxTtlSeconds: 31536e3,
      queryStrings: { kind: 'all' },
      cookies: { kind: 'all' },
      headers: { kind: 'none' },
    });
    expect(legacy('QueryString: false, Headers: ["*"]')).toMatchObject({
      maxTtlSeconds: 0,
      headers: { kind: 'all' },
      queryStrings: { kind: 'none' },
    });
  });

  test('CF 3.33: Compress is off unless told; under older settings it is gzip, and in the key', () => {
    const of = (behavior: string): unknown => {
      const [first] = read({ behavior }).value.distributions[0]?.behaviors ?? [];
      return [first?.compress, first?.cachePolicy.gzip, first?.cachePolicy.brotli];
    };
    const older = 'TargetOriginId: a, ViewerProtocolPolicy: allow-all, ForwardedValues: { QueryString: false }';
    expect(of(BEHAVIOR)).toEqual([undefined, false, false]);
    expect(of(`${BEHAVIOR}, Compress: true`)).toEqual([true, false, false]);
    expect(of(older)).toEqual([undefined, false, false]);
    expect(of(`${older}, Compress: true`)).toEqual([true, true, false]);
  });

  test('paths come in listed order, the default last (CF 4.1)', () => {
    const { value } = read({
      config: `CacheBehaviors: [{ PathPattern: /b*, ${BEHAVIOR} }, { PathPattern: /a*, ${BEHAVIOR} }]`,
    });
    expect(value.distributions[0]?.behaviors.map(({ pathPattern }) => pathPattern)).toEqual(['/b*', '/a*', '*']);
  });

  test('functions at the edge belong to an event of a behaviour (CF 5.1)', () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f:1';
    const association = `{ EventType: origin-request, LambdaFunctionARN: "${arn}", IncludeBody: true }`;
    const { value } = read({ behavior: `${BEHAVIOR}, LambdaFunctionAssociations: [${association}]` });
    expect(value.distributions[0]?.behaviors[0]?.lambdaFunctionAssociations).toMatchObject([
      { eventType: 'origin-request', functionArn: arn, includeBody: true, place: { line: 8 } },
    ]);
  });
});

describe('functions at the edge', () => {
  const lambda = (event: string, arn: string): string => `{ EventType: ${event}, LambdaFunctionARN: "${arn}" }`;
  const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:f:1';
  const unknown = (event: string): string =>
    `warning template/not-acted-on 8: The function at ${event}, ${ARN}, is in no template read; requests pass as if it were not there.`;

  test('that are in no template are told, with their line', () => {
    check({ behavior: `${BEHAVIOR}, LambdaFunctionAssociations: [${lambda('origin-request', ARN)}]` }, [
      unknown('origin-request'),
    ]);
  });

  test('CF 5.4: are of one kind at the events of viewers, of any kind elsewhere', () => {
    const light =
      'FunctionAssociations: [{ EventType: viewer-response, FunctionARN: "arn:aws:cloudfront::1:function/f" }]';
    const said = (event: string): readonly string[] =>
      read({ behavior: `${BEHAVIOR}, ${light}, LambdaFunctionAssociations: [${lambda(event, ARN)}]` })
        .findings.map(inLine)
        .filter((line) => line.includes('refuses to mix'));
    expect(said('viewer-request')).toEqual([
      'error template/property 8: The behaviour * has a Lambda function at viewer-request and a CloudFront Function at viewer-response; CloudFront refuses to mix them at viewer events.',
    ]);
    expect(said('origin-request')).toEqual([]);
  });

  test('CF 5.1: are one for each event', () => {
    const both = `${lambda('origin-request', ARN)}, ${lambda('origin-request', ARN)}`;
    check({ behavior: `${BEHAVIOR}, LambdaFunctionAssociations: [${both}]` }, [
      'error template/property 8: The behaviour * has two functions at origin-request; CloudFront takes one.',
      unknown('origin-request'),
      unknown('origin-request'),
    ]);
    check({ behavior: `${BEHAVIOR}, LambdaFunctionAssociations: [${lambda('origin', ARN)}]` }, [
      'error template/property 8: EventType is origin; it must be one of viewer-request, origin-request, origin-response, viewer-response.',
    ]);
  });
});

describe('policies', () => {
  test('CF 3.43: what a viewer is seen by cannot all be part of a key', () => {
    const { findings } = readOne(`Resources:
  P:
    Type: AWS::CloudFront::CachePolicy
    Properties:
      CachePolicyConfig:
        Name: mine
        MinTTL: 1
        DefaultTTL: 5
        MaxTTL: 60
        ParametersInCacheKeyAndForwardedToOrigin:
          EnableAcceptEncodingGzip: true
          CookiesConfig: { CookieBehavior: none }
          HeadersConfig: { HeaderBehavior: whitelist, Headers: [CloudFront-Viewer-Country, CloudFront-Viewer-Address] }
          QueryStringsConfig: { QueryStringBehavior: none }
`);
    expect(findings.map(inLine)).toEqual([
      'error template/property 13: CloudFront-Viewer-Address cannot be part of a cache key.',
    ]);
  });

  test('a policy of a template is found by reference', () => {
    const { value, findings } = readOne(`Resources:
  P:
    Type: AWS::CloudFront::CachePolicy
    Properties:
      CachePolicyConfig:
        Name: mine
        MinTTL: 1
        DefaultTTL: 5
        MaxTTL: 60
        ParametersInCacheKeyAndForwardedToOrigin:
          EnableAcceptEncodingGzip: true
          CookiesConfig: { CookieBehavior: allExcept, Cookies: [c] }
          HeadersConfig: { HeaderBehavior: whitelist, Headers: [X-A] }
          QueryStringsConfig: { QueryStringBehavior: all }
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ ${ORIGIN} }]
        DefaultCacheBehavior: { TargetOriginId: a, ViewerProtocolPolicy: allow-all, CachePolicyId: !Ref P }
`);
    expect(findings).toEqual([]);
    expect(value.distributions[0]?.behaviors[0]?.cachePolicy).toMatchObject({
      name: 'mine',
      minTtlSeconds: 1,
      defaultTtlSeconds: 5,
      maxTtlSeconds: 60,
      gzip: true,
      brotli: false,
      cookies: {
        kind: 'except',
        names: ['c'],
      },
      headers: {
        kind: 'only',
        names: ['X-A'],
      },
      queryStrings: { kind: 'all' },
    });
  });
});

test('error responses have a minimum of ten seconds unless told (CF 2.1, 2.16)', () => {
  expect(
    read({ config: 'CustomErrorResponses: [{ ErrorCode: 503 }]' }).value.distributions[0]?.customErrorResponses,
  ).toEqual([{ errorCode: 503, errorCachingMinTtlSeconds: 10 }]);
  expect(read({ config: 'CustomErrorResponses: [{ ErrorCode: 429 }]' }).findings.map(inLine)).toEqual([
    'error template/property 9: ErrorCode is 429; it must be one of 400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504.',
  ]);
});

test('CF 4.6: a wildcard is the whole first label of an alias, and of no other', () => {
  for (const alias of ['*shop.example.com', 'www.*.example.com', '*.*.example.com'])
    expect(read({ config: `Aliases: ["${alias}"]` }).findings.map(inLine)).toEqual([
      `error template/property 9: ${alias} is no alias: a wildcard is the whole first label, as in *.example.com.`,
    ]);
  const { value, findings } = read({ config: 'Aliases: ["*.example.com", WWW.example.com]' });
  expect([findings, value.distributions[0]?.aliases]).toEqual([[], ['*.example.com', 'www.example.com']]);
});

test('a property with a wrong name is told with the right one', () => {
  const { findings } = read({ origin: `${ORIGIN}, ConnectionAttemps: 2` });
  expect(findings.map((finding) => [inLine(finding), finding.remedy])).toEqual([
    [
      'warning template/unknown-property 7: Firedrill knows no property ConnectionAttemps of Origins; a drill runs as if it were not there.',
      'Did you mean ConnectionAttempts?',
    ],
  ]);
});

describe('countries', () => {
  const restriction = (inner: string): Parts => ({ config: `Restrictions: { GeoRestriction: { ${inner} } }` });

  test('CF 2.28a: a distribution is served in those listed, in all but those, or in all', () => {
    const countries = (inner: string): unknown => read(restriction(inner)).value.distributions[0]?.countries;
    expect(countries('RestrictionType: whitelist, Locations: [DE, IE]')).toEqual({ kind: 'only', names: ['DE', 'IE'] });
    expect(countries('RestrictionType: blacklist, Locations: [DE]')).toEqual({ kind: 'except', names: ['DE'] });
    expect(countries('RestrictionType: none')).toBeUndefined();
    expect(countries('RestrictionType: none, Locations: []')).toBeUndefined();
  });

  test('CF 2.28a: a restriction without countries, or with what is none, is refused', () => {
    check(restriction('RestrictionType: whitelist'), [
      'error template/property 9: A restriction of type whitelist has at least one of Locations.',
    ]);
    check(restriction('RestrictionType: none, Locations: [DE]'), [
      'error template/property 9: A restriction of type none has no Locations.',
    ]);
    check(restriction('RestrictionType: blacklist, Locations: [Germany]'), [
      'error template/property 9: Germany is no country; write it as DE.',
    ]);
  });
});
