import type { Architecture, CachePolicy, Distribution, Fault, Origin, Plan, Probe } from '../src/model/index.ts';
import { atSeconds, EMPTY_ARCHITECTURE, NEVER } from '../src/model/index.ts';

/** The managed policy CachingDisabled (CF 3.16). */
export const CACHING_DISABLED: CachePolicy = {
  id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  name: 'CachingDisabled',
  minTtlSeconds: 0,
  defaultTtlSeconds: 0,
  maxTtlSeconds: 0,
  headers: { kind: 'none' },
  cookies: { kind: 'none' },
  queryStrings: { kind: 'none' },
  gzip: false,
  brotli: false,
};

export const PRIMARY = 'eu-west-1';
export const BACKUP = 'us-east-1';
const NAME = 'api.example.com';

/** What may differ from CloudFront's defaults. */
export interface Overrides {
  readonly origin?: Partial<Origin>;
  readonly statusCodes?: readonly number[];
  readonly cachePolicy?: CachePolicy;
  readonly failureThreshold?: number;
  readonly requestIntervalSeconds?: 10 | 30;
  readonly cachedMethods?: readonly string[];
}

/** The hybrid failover, written out by hand: two Regions, one failover name, two distributions. */
export function hybridArchitecture(overrides: Overrides = {}): Architecture {
  const regions = [
    { region: PRIMARY, role: 'PRIMARY', apiId: 'aaaaaaaaaa', zone: 'ZLY8HYME6SFDD' },
    { region: BACKUP, role: 'SECONDARY', apiId: 'bbbbbbbbbb', zone: 'Z1UJRXOUMOOFQ8' },
  ] as const;
  const failoverName = originOf('failover-name', NAME, '', overrides);
  const backupApi = originOf('backup-api', `bbbbbbbbbb.execute-api.${BACKUP}.amazonaws.com`, '/prod', overrides);
  return {
    ...EMPTY_ARCHITECTURE,
    hostedZones: [{ id: 'Z0EXAMPLE', name: 'example.com', private: false }],
    recordSets: regions.map(({ region, role, zone }) => ({
      zoneId: 'Z0EXAMPLE',
      name: NAME,
      type: 'A',
      policy: { kind: 'failover', role, setIdentifier: region },
      values: [],
      alias: {
        dnsName: `d-${region}.execute-api.${region}.amazonaws.com`,
        hostedZoneId: zone,
        evaluateTargetHealth: true,
      },
      healthCheckId: `check-${region}`,
      stack: region,
    })),
    healthChecks: regions.map(({ region, apiId }) => ({
      id: `check-${region}`,
      type: 'HTTPS',
      fullyQualifiedDomainName: `${apiId}.execute-api.${region}.amazonaws.com`,
      port: 443,
      resourcePath: '/prod/health',
      requestIntervalSeconds: overrides.requestIntervalSeconds ?? 10,
      failureThreshold: overrides.failureThreshold ?? 3,
      enableSni: true,
      inverted: false,
      disabled: false,
      regions: [],
      stack: region,
    })),
    restApis: regions.map(({ region, apiId }) => ({
      id: apiId,
      name: 'api',
      region,
      resources: ['/', '/{proxy+}'].map((path, i) => ({
        id: `r${i}`,
        path,
        methods: [
          { httpMethod: 'ANY', integration: { kind: 'lambda-proxy', functionArn: arnOf(region), timeoutMs: 29_000 } },
        ],
      })),
      stages: [{ name: 'prod', deploymentId: 'd1', variables: {} }],
      disableExecuteApiEndpoint: false,
      stack: region,
    })),
    apiDomainNames: regions.map(({ region, apiId, zone }) => ({
      name: NAME,
      region,
      regionalDomainName: `d-${region}.execute-api.${region}.amazonaws.com`,
      regionalHostedZoneId: zone,
      mappings: [{ path: '', apiId, stage: 'prod' }],
      stack: region,
    })),
    functions: regions.map(({ region }) => ({
      arn: arnOf(region),
      name: `handler-${region}`,
      region,
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      timeoutSeconds: 3,
      memoryMb: 128,
      environment: {},
      code: {
        kind: 'inline',
        text: 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ region: process.env.AWS_REGION, path: event.path }) });',
      },
      stack: region,
      logicalId: 'Handler',
    })),
    distributions: [
      distributionOf('EROUTE53', 'droute53.cloudfront.net', [failoverName], [], 'failover-name', overrides),
      distributionOf(
        'EHYBRID',
        'dhybrid.cloudfront.net',
        [failoverName, backupApi],
        [
          {
            id: 'group',
            primary: 'failover-name',
            secondary: 'backup-api',
            statusCodes: overrides.statusCodes ?? [500, 502, 503, 504],
          },
        ],
        'group',
        overrides,
      ),
    ],
  };
}

/** A plan with one GET and one POST a second at both distributions. */
export function hybridPlan(
  faults: readonly Fault[],
  more: Partial<Plan> & { readonly endSeconds?: number } = {},
): Plan {
  return {
    name: 'test',
    seed: '1',
    end: atSeconds(more.endSeconds ?? 360),
    probes: [
      probe('route53-only', 'https://droute53.cloudfront.net/'),
      probe('hybrid', 'https://dhybrid.cloudfront.net/'),
    ],
    faults,
    switches: {},
    functionModels: {},
    ...more,
  };
}

export function probe(name: string, url: string, more: Partial<Probe> = {}): Probe {
  return {
    name,
    url,
    ratePerSecond: 1,
    methods: ['GET', 'POST'],
    places: ['Dublin'],
    timeoutMs: 200_000,
    client: 'plain',
    ...more,
  };
}

/** A fault of the primary Region from one second to another. */
export function primaryFault(effect: Fault['effect'], fromSeconds: number, untilSeconds?: number): Fault {
  return {
    name: effect.kind,
    target: { kind: 'region', region: PRIMARY },
    effect,
    from: atSeconds(fromSeconds),
    until: untilSeconds === undefined ? NEVER : atSeconds(untilSeconds),
    share: 1,
  };
}

function arnOf(region: string): string {
  return `arn:aws:lambda:${region}:123456789012:function:handler-${region}`;
}

function originOf(id: string, domainName: string, originPath: string, { origin }: Overrides): Origin {
  return {
    id,
    domainName,
    originPath,
    customHeaders: {},
    kind: 'custom',
    protocolPolicy: 'https-only',
    httpPort: 80,
    httpsPort: 443,
    connectionAttempts: 3,
    connectionTimeoutSeconds: 10,
    responseTimeoutSeconds: 30,
    keepaliveTimeoutSeconds: 5,
    ...origin,
  };
}

function distributionOf(
  id: string,
  domainName: string,
  origins: readonly Origin[],
  originGroups: Distribution['originGroups'],
  targetOriginId: string,
  overrides: Overrides,
): Distribution {
  return {
    id,
    domainName,
    aliases: [],
    enabled: true,
    origins,
    originGroups,
    behaviors: [
      {
        pathPattern: '*',
        targetOriginId,
        viewerProtocolPolicy: 'redirect-to-https',
        allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        cachedMethods: overrides.cachedMethods ?? ['GET', 'HEAD'],
        cachePolicy: overrides.cachePolicy ?? CACHING_DISABLED,
      },
    ],
    customErrorResponses: [],
    defaultRootObject: '',
    stack: PRIMARY,
    logicalId: id,
  };
}
