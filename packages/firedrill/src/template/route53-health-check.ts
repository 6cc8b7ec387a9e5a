import type { EndpointProtocol } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { domainName } from './names.ts';
import { uuidFrom } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import {
  boolean,
  inertFields,
  integer,
  listOf,
  notYet,
  oneOf,
  optional,
  placed,
  required,
  shape,
  text,
} from './shape.ts';

/** Regions whose checkers can be chosen (R53 HC-20). */
const CHECKER_REGIONS = [
  ...(['us-east-1', 'us-west-1', 'us-west-2', 'eu-west-1', 'ap-southeast-1', 'ap-southeast-2'] as const),
  ...(['ap-northeast-1', 'sa-east-1'] as const),
];

const TYPES = [
  ...(['HTTP', 'HTTPS', 'HTTP_STR_MATCH', 'HTTPS_STR_MATCH', 'TCP', 'CALCULATED', 'CLOUDWATCH_METRIC'] as const),
  'RECOVERY_CONTROL' as const,
];

const HEALTH_CHECK = shape('AWS::Route53::HealthCheck', {
  HealthCheckConfig: required(
    shape('HealthCheckConfig', {
      Type: required(placed(oneOf(TYPES, ['R53 HC-01']))),
      FullyQualifiedDomainName: optional(text({ most: 255, facts: ['R53 HC-15'] })),
      IPAddress: optional(placed(text())),
      Port: optional(integer({ least: 1, most: 65_535, facts: ['R53 HC-15'] })),
      ResourcePath: optional(text({ most: 255, facts: ['R53 HC-15'] })),
      RequestInterval: optional(placed(integer({ least: 10, most: 30, facts: ['R53 HC-03'] }))),
      FailureThreshold: optional(integer({ least: 1, most: 10, facts: ['R53 HC-04'] })),
      EnableSNI: optional(boolean),
      Inverted: optional(boolean),
      Disabled: optional(boolean),
      Regions: optional(placed(listOf(oneOf(CHECKER_REGIONS, ['R53 HC-20'])))),
      SearchString: notYet('Only the status is looked at, not the body.'),
      ...inertFields('AlarmIdentifier', 'ChildHealthChecks', 'HealthThreshold', 'InsufficientDataHealthStatus'),
      ...inertFields('MeasureLatency', 'RoutingControlArn'),
    }),
  ),
  HealthCheckTags: optional((node) => node),
});

type Config = NonNullable<ReturnType<typeof HEALTH_CHECK>>['HealthCheckConfig'];

/** Endpoint checks are acted on; the other types are left out, and records that carry them count as healthy. */
export function readHealthCheck(input: ResourceInput, draft: Draft): Identity {
  const id = uuidFrom(`health-check ${input.seed}`);
  const named = identity(id, { HealthCheckId: id });
  draft.healthChecksLeftOut.add(id);
  const config = HEALTH_CHECK(input.properties, input.tell)?.HealthCheckConfig;
  if (config === undefined) return named;
  const type = endpointType(config.Type.value);
  if (type === undefined) {
    const says = `Firedrill does not act on ${config.Type.value} health checks yet; records that carry this one count as always healthy.`;
    input.tell.warning('template/not-acted-on', config.Type.at, says, {
      remedy: 'HTTP, HTTPS and TCP checks are acted on.',
      facts: ['R53 HC-01', 'R53 RP-02'],
    });
    return named;
  }
  if (!isConsistent(config, type, input)) return named;
  draft.healthChecksLeftOut.delete(id);
  draft.healthChecks.push({
    id,
    type,
    ...(config.FullyQualifiedDomainName === undefined
      ? {}
      : { fullyQualifiedDomainName: domainName(config.FullyQualifiedDomainName) }),
    ...(config.IPAddress === undefined ? {} : { ipAddress: config.IPAddress.value }),
    port: config.Port ?? (type === 'HTTPS' ? 443 : 80),
    resourcePath: withSlash(config.ResourcePath ?? '/'),
    requestIntervalSeconds: config.RequestInterval?.value === 10 ? 10 : 30,
    failureThreshold: config.FailureThreshold ?? 3,
    // AWS sends the name when nothing is said, for HTTPS only.
    enableSni: config.EnableSNI ?? type === 'HTTPS',
    inverted: config.Inverted ?? false,
    disabled: config.Disabled ?? false,
    regions: config.Regions?.value ?? CHECKER_REGIONS,
    stack: input.context.name,
    place: input.at,
  });
  return named;
}

function endpointType(type: Config['Type']['value']): EndpointProtocol | undefined {
  switch (type) {
    case 'HTTP':
    case 'HTTP_STR_MATCH':
      return 'HTTP';
    case 'HTTPS':
    case 'HTTPS_STR_MATCH':
      return 'HTTPS';
    case 'TCP':
      return 'TCP';
    default:
      return undefined;
  }
}

function isConsistent(config: Config, type: EndpointProtocol, { tell }: ResourceInput): boolean {
  let consistent = true;
  const refuse = (at: Config['at'], says: string, facts: readonly string[]): void => {
    tell.error('template/property', at, says, { facts });
    consistent = false;
  };
  const { RequestInterval: interval, Regions: regions, IPAddress: ip } = config;
  if (interval !== undefined && interval.value !== 10 && interval.value !== 30) {
    refuse(interval.at, `RequestInterval is ${interval.value}; it must be 10 or 30.`, ['R53 HC-03']);
  }
  if (regions !== undefined && new Set(regions.value).size < 3) {
    refuse(regions.at, 'Regions must name at least three Regions.', ['R53 HC-20']);
  }
  const { written } = config;
  if (!written.has('FullyQualifiedDomainName') && !written.has('IPAddress')) {
    refuse(config.at, 'An endpoint health check needs FullyQualifiedDomainName or IPAddress.', ['R53 HC-13']);
  }
  if (type === 'TCP' && !written.has('Port')) refuse(config.at, 'A TCP health check needs Port.', ['R53 HC-15']);
  if (type === 'HTTPS' && config.EnableSNI === true && !written.has('FullyQualifiedDomainName')) {
    refuse(config.at, 'EnableSNI sends FullyQualifiedDomainName, which is missing.', ['R53 HC-12']);
  }
  if (ip !== undefined && isForbidden(ip.value)) {
    refuse(ip.at, `Route 53 does not check private or reserved addresses such as ${ip.value}.`, ['R53 HC-16']);
  }
  return consistent;
}

/** Private, loopback, link-local, documentation and multicast ranges of IPv4 (R53 HC-16). */
function isForbidden(address: string): boolean {
  return /^(10\.|127\.|0\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2(2[4-9]|[345]\d)\.)/.test(
    address,
  );
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
