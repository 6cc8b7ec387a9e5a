import { describe, expect, test } from 'vitest';
import { readTemplates } from '../template/index.ts';
import { check, heedIgnores } from './index.ts';

/** A record with a long TTL, and what its metadata says. */
function template(metadata: string, ttl = 300, ofAll = ''): string {
  return `${ofAll}Resources:
  Check:
    Type: AWS::Route53::HealthCheck
    Properties: { HealthCheckConfig: { Type: HTTPS, FullyQualifiedDomainName: eu.example.com } }
  Record:
    Type: AWS::Route53::RecordSet
    Metadata: ${metadata}
    Properties: { HostedZoneId: Z0EXAMPLE, Name: api.example.com, Type: A, TTL: ${ttl}, ResourceRecords: [192.0.2.1], HealthCheckId: !Ref Check }
`;
}

/** Codes that are left, then those that are ignored, each with its line. */
function heeded(text: string): { readonly left: readonly string[]; readonly ignored: readonly string[] } {
  const source = { file: 't.yaml', text, stack: 's', region: 'eu-west-1', parameters: {}, code: {} };
  const { value, findings: told } = readTemplates({ sources: [source], zones: { 'example.com': 'Z0EXAMPLE' } });
  const { findings, ignored } = heedIgnores([...told, ...check(value)], value.ignores);
  return {
    left: findings.map(({ code, place }) => `${code} ${place?.line}`),
    ignored: ignored.map(({ finding, reason }) => `${finding.code}: ${reason}`),
  };
}

const entry = (code: string, reason = 'slow on purpose'): string =>
  `{ Firedrill: { Ignore: [{ code: ${code}, reason: ${reason} }] } }`;

/** A distribution that sends writes to an origin group. */
function distribution(metadata: string): string {
  const origins = ['a', 'b'].map(
    (id) => `{ Id: ${id}, DomainName: ${id}.example.com, CustomOriginConfig: { OriginProtocolPolicy: https-only } }`,
  );
  return `Resources:
  Web:
    Type: AWS::CloudFront::Distribution
    Metadata: ${metadata}
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [${origins.join(', ')}]
        OriginGroups: { Quantity: 1, Items: [{ Id: g, FailoverCriteria: { StatusCodes: { Quantity: 2, Items: [503, 504] } }, Members: { Quantity: 2, Items: [{ OriginId: a }, { OriginId: b }] } }] }
        DefaultCacheBehavior: { TargetOriginId: g, ViewerProtocolPolicy: https-only, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad, AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE] }
`;
}

test('CF 9.7: writes behind an origin group are told of, with the option to permit them', () => {
  const code = 'check/writes-behind-origin-group';
  expect(heeded(distribution('{}')).left).toContain(`${code} 10`);
  const permitted = heeded(distribution(entry(code, 'the primary alone takes writes')));
  expect(permitted.left.filter((each) => each.startsWith(code))).toEqual([]);
  expect(permitted.ignored).toContain(`${code}: the primary alone takes writes`);
});

describe('what a template says to ignore', () => {
  test('is set aside for the resource that says so, with the reason', () =>
    expect(heeded(template(entry('check/long-ttl')))).toEqual({
      left: [],
      ignored: ['check/long-ttl: slow on purpose'],
    }));

  test('is set aside in all of the file when the file says so', () => {
    const ofAll = `Metadata: ${entry('check/long-ttl')}\n`;
    expect(heeded(template('{}', 300, ofAll)).left).toEqual([]);
  });

  test('stays where it is another resource that says so', () => {
    const text = template('{}').replace(
      '    Properties: { HealthCheckConfig',
      `    Metadata: ${entry('check/long-ttl')}\n    Properties: { HealthCheckConfig`,
    );
    expect(heeded(text).left).toEqual(['check/long-ttl 9', 'check/stale-ignore 4']);
  });

  test('is told when it has gone (check/stale-ignore)', () =>
    expect(heeded(template(entry('check/long-ttl'), 60)).left).toEqual(['check/stale-ignore 7']));

  test('is not heeded without a reason, or for what does not exist (check/invalid-ignore)', () => {
    const bare = '{ Firedrill: { Ignore: [{ code: check/long-ttl }] } }';
    expect(heeded(template(bare)).left).toEqual(['check/invalid-ignore 7', 'check/long-ttl 8']);
    expect(heeded(template(entry('check/long-tll'))).left).toEqual(['check/invalid-ignore 7', 'check/long-ttl 8']);
  });

  test('can be a warning of reading, and not an error of it', () => {
    const unknown = (code: string): string =>
      `Resources:\n  Queue: { Type: AWS::SQS::Queue, Metadata: ${entry(code)} }\n  Bad: { Type: AWS::Route53::RecordSet, Metadata: ${entry('template/property')}, Properties: { Name: x } }\n`;
    const { left, ignored } = heeded(unknown('template/unknown-resource-type'));
    expect(ignored).toEqual(['template/unknown-resource-type: slow on purpose']);
    expect(left).toContain('template/property 3');
    expect(left.at(-1)).toBe('check/stale-ignore 3');
  });
});
