import { describe, expect, test } from 'vitest';
import { hybridSources, REGIONAL_TEMPLATE } from '../../test/hybrid-templates.ts';
import { readTemplates } from './index.ts';

const read = readTemplates({ sources: hybridSources(), zones: { 'example.com': 'Z0EXAMPLE' } });
const { value: architecture } = read;

describe('the hybrid failover as plain templates', () => {
  test('reads without a finding', () => expect(read.findings).toEqual([]));

  test('gives each Region its failover record, with its check and its regional domain name', () => {
    expect(architecture.recordSets.map((record) => ({ ...record, place: undefined }))).toEqual(
      (['SECONDARY', 'PRIMARY'] as const).map((role, index) => ({
        place: undefined,
        zoneId: 'Z0EXAMPLE',
        name: 'api.example.com',
        type: 'A',
        policy: { kind: 'failover', role, setIdentifier: role === 'PRIMARY' ? 'eu-west-1' : 'us-east-1' },
        values: [],
        alias: {
          dnsName: architecture.apiDomainNames[index]?.regionalDomainName,
          hostedZoneId: role === 'PRIMARY' ? 'ZLY8HYME6SFDD' : 'Z1UJRXOUMOOFQ8',
          evaluateTargetHealth: true,
        },
        healthCheckId: architecture.healthChecks[index]?.id,
        stack: `api-${role.toLowerCase()}`,
      })),
    );
  });

  test('probes each API by its own name, at the path that the stage has', () => {
    for (const [index, check] of architecture.healthChecks.entries()) {
      const api = architecture.restApis[index];
      expect(check.fullyQualifiedDomainName).toBe(`${api?.id}.execute-api.${api?.region}.amazonaws.com`);
      expect(check).toMatchObject({
        resourcePath: '/prod/health',
        port: 443,
        requestIntervalSeconds: 10,
        enableSni: true,
      });
      expect(check.regions).toHaveLength(8);
    }
  });

  test('joins resources, methods and functions of an API', () => {
    const [api] = architecture.restApis;
    const [fn] = architecture.functions;
    expect(api?.resources.map(({ path, methods }) => [path, methods.map((method) => method.httpMethod)])).toEqual([
      ['/', []],
      ['/{proxy+}', ['ANY']],
    ]);
    expect(api?.resources[1]?.methods[0]?.integration).toEqual({
      kind: 'lambda-proxy',
      functionArn: fn?.arn,
      timeoutMs: 29_000,
    });
    expect(fn).toMatchObject({
      memoryMb: 128,
      timeoutSeconds: 3,
      handler: 'index.handler',
      environment: { ROLE: 'secondary' },
    });
    expect(fn?.code).toMatchObject({ kind: 'inline' });
    expect(architecture.apiDomainNames[0]?.mappings).toEqual([{ path: '', apiId: api?.id, stage: 'prod' }]);
  });

  test('fills in the defaults of origins (CF 1.11, 1.13, 1.21)', () => {
    const [plain, hybrid] = architecture.distributions;
    expect(plain?.origins[0]).toMatchObject({
      connectionAttempts: 3,
      connectionTimeoutSeconds: 10,
      responseTimeoutSeconds: 30,
      keepaliveTimeoutSeconds: 5,
    });
    expect(hybrid?.origins[0]).toMatchObject({
      connectionAttempts: 1,
      connectionTimeoutSeconds: 2,
      responseTimeoutSeconds: 10,
    });
    expect(hybrid?.originGroups[0]).toMatchObject({
      primary: 'name',
      secondary: 'fallback',
      statusCodes: [500, 502, 503, 504],
    });
    expect(hybrid?.behaviors[0]).toMatchObject({
      allowedMethods: ['GET', 'HEAD'],
      cachePolicy: { name: 'CachingDisabled' },
    });
  });

  test('gives the same identifiers each time, in the form that AWS gives them', () => {
    expect(readTemplates({ sources: hybridSources(), zones: { 'example.com': 'Z0EXAMPLE' } }).value).toEqual(
      architecture,
    );
    expect(architecture.restApis[0]?.id).toMatch(/^[a-z0-9]{10}$/);
    expect(architecture.distributions[0]?.id).toMatch(/^E[A-Z0-9]{13}$/);
    expect(architecture.distributions[0]?.domainName).toMatch(/^d[a-z0-9]{13}\.cloudfront\.net$/);
    expect(architecture.healthChecks[0]?.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(architecture.apiDomainNames[0]?.regionalDomainName).toMatch(
      /^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/,
    );
  });

  test('tells outputs', () => {
    expect(architecture.stacks.find(({ name }) => name === 'edge')?.outputs).toEqual({
      R53FailoverDistribDomain: architecture.distributions[0]?.domainName,
      HybridFailoverDistribDomain: architecture.distributions[1]?.domainName,
    });
  });

  test('says where a resource stands', () => {
    const line = REGIONAL_TEMPLATE.split('\n').indexOf('  HealthCheck:') + 1;
    expect(architecture.healthChecks[0]?.place).toEqual({
      file: 'regional.yaml',
      line,
      column: 3,
      path: 'Resources.HealthCheck',
    });
  });
});
