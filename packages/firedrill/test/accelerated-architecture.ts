import type {
  Accelerator,
  Architecture,
  EndpointGroup,
  LambdaFunction,
  LoadBalancer,
  Plan,
  TargetGroup,
} from '../src/model/index.ts';
import { atSeconds, EMPTY_ARCHITECTURE } from '../src/model/index.ts';
import { BACKUP, PRIMARY, probe } from './hybrid-architecture.ts';

/*
 * One application in two Regions, each an Application Load Balancer in front of a function: once behind an accelerator, once
 * behind a Route 53 failover name that follows the load balancers' own health.
 */

export const ACCELERATED = 'accelerated.example.com';
const FAILOVER = 'failover.example.com';
const REGIONS = [PRIMARY, BACKUP];

/** What may differ. */
export interface AcceleratedOverrides {
  readonly group?: (region: string) => Partial<EndpointGroup>;
  readonly accelerator?: Partial<Accelerator>;
  readonly affinity?: 'NONE' | 'SOURCE_IP';
  readonly targetGroup?: Partial<TargetGroup>;
}

export function acceleratedArchitecture(overrides: AcceleratedOverrides = {}): Architecture {
  return {
    ...EMPTY_ARCHITECTURE,
    hostedZones: [{ id: 'Z0EXAMPLE', name: 'example.com', private: false }],
    recordSets: [
      {
        zoneId: 'Z0EXAMPLE',
        name: ACCELERATED,
        type: 'A',
        policy: { kind: 'simple' },
        values: [],
        alias: { dnsName: ACCELERATOR_NAME, hostedZoneId: 'Z2BJ6XQ5FK7U4H', evaluateTargetHealth: false },
        stack: PRIMARY,
      },
      ...REGIONS.map((region, i) => ({
        zoneId: 'Z0EXAMPLE',
        name: FAILOVER,
        type: 'A',
        policy: {
          kind: 'failover' as const,
          role: i === 0 ? ('PRIMARY' as const) : ('SECONDARY' as const),
          setIdentifier: region,
        },
        values: [],
        alias: {
          dnsName: `app-1.${region}.elb.amazonaws.com`,
          hostedZoneId: i === 0 ? 'Z32O12XQLNTSW2' : 'Z35SXDOTRQ7X7K',
          evaluateTargetHealth: true,
        },
        stack: region,
      })),
    ],
    functions: REGIONS.map(functionIn),
    certificates: REGIONS.map((region) => ({
      arn: `arn:aws:acm:${region}:123456789012:certificate/1`,
      region,
      domainName: 'example.com',
      subjectAlternativeNames: ['*.example.com'],
      stack: region,
    })),
    loadBalancers: REGIONS.map(balancerIn),
    targetGroups: REGIONS.map((region) => ({ ...targetGroupIn(region), ...overrides.targetGroup })),
    accelerators: [
      {
        arn: ACCELERATOR_ARN,
        name: 'app',
        enabled: true,
        ipAddressType: 'IPV4',
        dnsName: ACCELERATOR_NAME,
        ipv4Addresses: ['75.2.0.1', '99.83.0.1'],
        listeners: [
          {
            arn: `${ACCELERATOR_ARN}/listener/1`,
            protocol: 'TCP',
            portRanges: [
              { from: 80, to: 80 },
              { from: 443, to: 443 },
            ],
            clientAffinity: overrides.affinity ?? 'NONE',
            endpointGroups: REGIONS.map((region) => ({ ...groupIn(region), ...overrides.group?.(region) })),
          },
        ],
        stack: PRIMARY,
        ...overrides.accelerator,
      },
    ],
  };
}

const ACCELERATOR_ARN = 'arn:aws:globalaccelerator::123456789012:accelerator/1';
const ACCELERATOR_NAME = 'a0123456789abcdef.awsglobalaccelerator.com';

export function balancerArn(region: string): string {
  return `arn:aws:elasticloadbalancing:${region}:123456789012:loadbalancer/app/app/1`;
}

export function targetGroupArn(region: string): string {
  return `arn:aws:elasticloadbalancing:${region}:123456789012:targetgroup/app/1`;
}

function functionIn(region: string): LambdaFunction {
  return {
    arn: `arn:aws:lambda:${region}:123456789012:function:app-${region}`,
    name: `app-${region}`,
    region,
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    timeoutSeconds: 3,
    memoryMb: 128,
    environment: {},
    code: {
      kind: 'inline',
      text: 'exports.handler = async (event) => ({ statusCode: 200, headers: { "x-client": event.headers["x-forwarded-for"] ?? "" }, body: JSON.stringify({ region: process.env.AWS_REGION, path: event.path, host: event.headers.host }) });',
    },
    stack: region,
    logicalId: 'Handler',
  };
}

export function balancerIn(region: string): LoadBalancer {
  const action = { kind: 'forward', targetGroups: [{ targetGroupArn: targetGroupArn(region), weight: 1 }] } as const;
  const listener = { certificateArns: [], defaultAction: action, rules: [], tcpIdleTimeoutSeconds: 350 };
  return {
    arn: balancerArn(region),
    name: 'app',
    type: 'application',
    region,
    dnsName: `app-1.${region}.elb.amazonaws.com`,
    canonicalHostedZoneId: region === PRIMARY ? 'Z32O12XQLNTSW2' : 'Z35SXDOTRQ7X7K',
    zones: [`${region}a`, `${region}b`],
    idleTimeoutSeconds: 60,
    crossZone: true,
    listeners: [
      { ...listener, arn: 'http', port: 80, protocol: 'HTTP' },
      {
        ...listener,
        arn: 'https',
        port: 443,
        protocol: 'HTTPS',
        certificateArns: [`arn:aws:acm:${region}:123456789012:certificate/1`],
      },
    ],
    stack: region,
  };
}

export function targetGroupIn(region: string): TargetGroup {
  return {
    arn: targetGroupArn(region),
    name: 'app',
    region,
    targetType: 'lambda',
    protocol: 'HTTP',
    healthCheck: {
      enabled: true,
      protocol: 'HTTP',
      path: '/health',
      intervalSeconds: 10,
      timeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
      matcher: [[200, 200]],
    },
    targets: [{ id: functionIn(region).arn, port: 80 }],
    dnsFailoverMinimumCount: 1,
    unhealthyRoutingMinimumCount: 1,
    multiValueHeaders: false,
    stack: region,
  };
}

function groupIn(region: string): EndpointGroup {
  return {
    arn: `${ACCELERATOR_ARN}/listener/1/endpoint-group/${region}`,
    region,
    trafficDialPercentage: 100,
    healthCheck: { protocol: 'TCP', path: '/', port: 80, intervalSeconds: 30, thresholdCount: 3 },
    portOverrides: [],
    endpoints: [{ endpointId: balancerArn(region), weight: 128, clientIpPreservation: true }],
  };
}

/** One GET a second at either name, from Dublin, and what differs from it. */
export function acceleratedPlan(more: Partial<Plan> & { readonly endSeconds?: number } = {}): Plan {
  const { endSeconds = 300, ...differs } = more;
  return {
    name: 'accelerated',
    seed: '1',
    end: atSeconds(endSeconds),
    probes: [
      probe('accelerated', `https://${ACCELERATED}/`, { methods: ['GET'], timeoutMs: 5000 }),
      probe('failover', `https://${FAILOVER}/`, { methods: ['GET'], timeoutMs: 5000 }),
    ],
    faults: [],
    switches: {},
    functionModels: {},
    ...differs,
  };
}
