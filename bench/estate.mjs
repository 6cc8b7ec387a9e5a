/* The hybrid failover as the benchmarks run it: written out, so that nothing but the engine is measured. */

import { EMPTY_ARCHITECTURE } from '../packages/firedrill/dist/model/index.js';

const POLICY = {
  id: 'bench',
  name: 'bench',
  minTtlSeconds: 0,
  headers: { kind: 'none' },
  cookies: { kind: 'none' },
  queryStrings: { kind: 'none' },
  gzip: false,
  brotli: false,
};
const REGIONS = [
  { region: 'eu-west-1', role: 'PRIMARY', apiId: 'aaaaaaaaaa' },
  { region: 'us-east-1', role: 'SECONDARY', apiId: 'bbbbbbbbbb' },
];
const arnOf = (region) => `arn:aws:lambda:${region}:123456789012:function:handler`;
const regionalName = (region) => `d-${region}.execute-api.${region}.amazonaws.com`;

/** @param ttlSeconds how long answers are kept at the edge; 0 for CachingDisabled. */
export function estate(ttlSeconds = 0) {
  const origin = (id, domainName, originPath) => ({
    id,
    domainName,
    originPath,
    customHeaders: {},
    kind: 'custom',
    protocolPolicy: 'https-only',
    httpPort: 80,
    httpsPort: 443,
    connectionAttempts: 1,
    connectionTimeoutSeconds: 2,
    responseTimeoutSeconds: 10,
    keepaliveTimeoutSeconds: 5,
  });
  return {
    ...EMPTY_ARCHITECTURE,
    stacks: [],
    certificates: [],
    hostedZones: [{ id: 'Z0EXAMPLE', name: 'example.com', private: false }],
    recordSets: REGIONS.map(({ region, role }) => ({
      zoneId: 'Z0EXAMPLE',
      name: 'api.example.com',
      type: 'A',
      values: [],
      stack: region,
      policy: {
        kind: 'failover',
        role,
        setIdentifier: region,
      },
      alias: {
        dnsName: regionalName(region),
        hostedZoneId: 'Z',
        evaluateTargetHealth: true,
      },
      healthCheckId: `check-${region}`,
    })),
    healthChecks: REGIONS.map(({ region, apiId }) => ({
      id: `check-${region}`,
      type: 'HTTPS',
      port: 443,
      resourcePath: '/prod/health',
      regions: [],
      stack: region,
      fullyQualifiedDomainName: `${apiId}.execute-api.${region}.amazonaws.com`,
      requestIntervalSeconds: 10,
      failureThreshold: 3,
      enableSni: true,
      inverted: false,
      disabled: false,
    })),
    restApis: REGIONS.map(({ region, apiId }) => ({
      id: apiId,
      name: 'api',
      region,
      disableExecuteApiEndpoint: false,
      stack: region,
      stages: [
        {
          name: 'prod',
          deploymentId: 'd',
          variables: {},
        },
      ],
      resources: ['/', '/{proxy+}'].map((path, i) => ({
        id: `r${i}`,
        path,
        methods: [
          {
            httpMethod: 'ANY',
            integration: {
              kind: 'lambda-proxy',
              functionArn: arnOf(region),
              timeoutMs: 29e3,
            },
          },
        ],
      })),
    })),
    apiDomainNames: REGIONS.map(({ region, apiId }) => ({
      name: 'api.example.com',
      region,
      regionalDomainName: regionalName(region),
      regionalHostedZoneId: 'Z',
      stack: region,
      mappings: [
        {
          path: '',
          apiId,
          stage: 'prod',
        },
      ],
    })),
    functions: REGIONS.map(({ region }) => ({
      arn: arnOf(region),
      name: 'handler',
      region,
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      timeoutSeconds: 3,
      memoryMb: 128,
      environment: {},
      code: {
        kind: 'inline',
        text: '',
      },
      stack: region,
      logicalId: 'Handler',
    })),
    distributions: [
      {
        id: 'EHYBRID',
        domainName: 'dhybrid.cloudfront.net',
        aliases: [],
        enabled: true,
        customErrorResponses: [],
        defaultRootObject: '',
        stack: 'eu-west-1',
        logicalId: 'Hybrid',
        origins: [
          origin('failover-name', 'api.example.com', ''),
          origin('backup-api', 'bbbbbbbbbb.execute-api.us-east-1.amazonaws.com', '/prod'),
        ],
        originGroups: [
          {
            id: 'group',
            primary: 'failover-name',
            secondary: 'backup-api',
            statusCodes: [500, 502, 503, 504],
          },
        ],
        behaviors: [
          {
            pathPattern: '*',
            targetOriginId: 'group',
            viewerProtocolPolicy: 'redirect-to-https',
            allowedMethods: ['GET', 'HEAD', 'POST'],
            cachedMethods: ['GET', 'HEAD'],
            cachePolicy: {
              ...POLICY,
              defaultTtlSeconds: ttlSeconds,
              maxTtlSeconds: ttlSeconds,
            },
          },
        ],
      },
    ],
  };
}

/** An estate of very many names: 10,000 failover records with 1,000 health checks besides those of the hybrid failover. */
export function manyNames() {
  const base = estate();
  const ofPair = (list, i) => list[i % list.length];
  const healthChecks = Array.from({ length: 1000 }, (_, i) => ({
    ...ofPair(base.healthChecks, i),
    id: `check-${i}`,
    requestIntervalSeconds: 30,
  }));
  const recordSets = Array.from({ length: 10_000 }, (_, i) => ({
    ...ofPair(base.recordSets, i),
    name: `n${Math.floor(i / 2)}.example.com`,
    healthCheckId: `check-${i % 1000}`,
  }));
  return {
    ...base,
    healthChecks: [...base.healthChecks, ...healthChecks],
    recordSets: [...base.recordSets, ...recordSets],
  };
}

/** GETs from four cities, so many a second from each. */
export function plan({
  seconds,
  ratePerSecond,
  places = ['Dublin', 'Tokyo', 'New York', 'Sydney'],
  faults = [],
  switches = {},
}) {
  return {
    name: 'bench',
    seed: '1',
    end: seconds * 1e6,
    faults,
    switches,
    functionModels: {},
    probes: [
      {
        name: 'users',
        url: 'https://dhybrid.cloudfront.net/',
        ratePerSecond,
        methods: ['GET'],
        places,
        timeoutMs: 6e4,
        client: 'plain',
      },
    ],
  };
}

/** The primary Region answers 503 from one second to another. */
export function answers503(from, until) {
  const target = { kind: 'region', region: 'eu-west-1' };
  return {
    name: 'answers-503',
    target,
    effect: { kind: 'status', status: 503 },
    from: from * 1e6,
    until: until * 1e6,
    share: 1,
  };
}
