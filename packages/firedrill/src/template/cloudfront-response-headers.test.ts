import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';
import type { ResponseHeadersPolicy } from '../model/index.ts';

function read(policyId: string, config = ''): ReturnType<typeof readOne> {
  return readOne(`Resources:
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: a, DomainName: a.example.com, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: a
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          ResponseHeadersPolicyId: ${policyId}
  P:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig: { Name: mine${config} }
`);
}

function policyOf({ value }: ReturnType<typeof readOne>): ResponseHeadersPolicy | undefined {
  return value.distributions[0]?.behaviors[0]?.responseHeadersPolicy;
}

describe('policies of AWS (CF 3.23, 3.24)', () => {
  test('CF 3.23: SecurityHeadersPolicy has four headers on which the origin wins, and one on which it does not', () => {
    const policy = policyOf(read('67f7725c-6f97-4210-82d7-5512b31e9d03'));
    expect(policy?.added.map(({ name, value, overrides }) => `${name}: ${value}${overrides ? ' !' : ''}`)).toEqual([
      'Referrer-Policy: strict-origin-when-cross-origin',
      'Strict-Transport-Security: max-age=31536000',
      'X-Frame-Options: SAMEORIGIN',
      'X-XSS-Protection: 1; mode=block',
      'X-Content-Type-Options: nosniff !',
    ]);
  });

  test.each([
    ['60669652-455b-4ae9-85a4-c4c02393f86c', 'SimpleCORS', 0, [], []],
    ['5cc3b908-e619-4b99-88e5-2cf7f45965bd', 'CORS-With-Preflight', 0, ['ALL'], ['*']],
    ['e61eb60c-9c35-4d20-a928-2b84e02af89c', 'CORS-and-SecurityHeadersPolicy', 5, [], []],
    ['eaab4381-ed33-4a86-88ca-d9558dc6cd63', 'CORS-with-preflight-and-SecurityHeadersPolicy', 5, ['ALL'], ['*']],
  ])('CF 3.24: %s is %s', (id, name, security, allowMethods, exposeHeaders) => {
    const policy = policyOf(read(id));
    expect([policy?.name, policy?.added.length]).toEqual([name, security]);
    expect(policy?.cors).toMatchObject({ allowOrigins: ['*'], allowMethods, exposeHeaders, overrides: false });
  });
});

test('a policy of a template is found by reference, with all that it says', () => {
  const result = read(
    '!Ref P',
    `, RemoveHeadersConfig: { Items: [{ Header: Server }] },
          CustomHeadersConfig: { Items: [{ Header: X-One, Value: '1', Override: true }] },
          SecurityHeadersConfig: { StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Preload: true, Override: true }, XSSProtection: { Protection: true, ReportUri: 'https://r.example', Override: false }, ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true } },
          CorsConfig: { AccessControlAllowCredentials: true, AccessControlAllowHeaders: { Items: [X-A] }, AccessControlAllowMethods: { Items: [GET] }, AccessControlAllowOrigins: { Items: ['https://a.example'] }, AccessControlMaxAgeSec: 5, OriginOverride: true },
          ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 12.5 }`,
  );
  expect(result.findings).toEqual([]);
  const policy = policyOf(result);
  expect(policy).toMatchObject({ name: 'mine', removed: ['Server'], serverTiming: { samplingRate: 12.5 } });
  expect(policy?.added.map(({ name, value, overrides }) => `${name}: ${value}${overrides ? ' !' : ''}`)).toEqual([
    'Strict-Transport-Security: max-age=60; includeSubDomains; preload !',
    'X-XSS-Protection: 1; report=https://r.example',
    "Content-Security-Policy: default-src 'self' !",
    'X-One: 1 !',
  ]);
  expect(policy?.cors).toEqual({
    allowCredentials: true,
    allowHeaders: ['X-A'],
    allowMethods: ['GET'],
    allowOrigins: ['https://a.example'],
    exposeHeaders: [],
    maxAgeSeconds: 5,
    overrides: true,
  });
});

describe('mistakes', () => {
  test('a policy that is nobody’s, a header that cannot go, a rate that is none', () => {
    expect(read('mine').findings.map(inLine)).toEqual([
      "error template/property 12: There is no response headers policy mine: it is not one of AWS's and in no template read.",
    ]);
    expect(read('!Ref P', ', RemoveHeadersConfig: { Items: [{ Header: X-Cache }] }').findings.map(inLine)).toEqual([
      'error template/property 16: A response headers policy cannot remove X-Cache.',
    ]);
    const timing = ', ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 101 }';
    expect(read('!Ref P', timing).findings.map(inLine)).toEqual([
      'error template/property 16: SamplingRate is 101; it is a number from 0 to 100.',
    ]);
  });
});
