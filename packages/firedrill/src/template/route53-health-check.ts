import type { EndpointProtocol, HealthCheck } from '../model/index.ts';
import { blockCovers, parseIpBlock } from '../model/index.ts';
import type { Draft, DraftDerivedHealthCheck } from './draft.ts';
import { domainName } from './names.ts';
import { uuidFrom } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { boolean, inert, integer, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';

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
      SearchString: optional(placed(text({ most: 255, facts: ['R53 HC-07'] }))),
      MeasureLatency: optional(boolean),
      ChildHealthChecks: optional(placed(listOf(text({ most: 64 })))),
      HealthThreshold: optional(integer({ least: 0, most: 256, facts: ['R53 HC-27'] })),
      AlarmIdentifier: optional(
        shape('AlarmIdentifier', { Name: required(text({ most: 256 })), Region: required(placed(text())) }),
      ),
      InsufficientDataHealthStatus: optional(oneOf(['Healthy', 'Unhealthy', 'LastKnownStatus'], ['R53 HC-30'])),
      RoutingControlArn: optional(placed(text({ most: 255 }))),
    }),
  ),
  HealthCheckTags: inert,
});

type Config = NonNullable<ReturnType<typeof HEALTH_CHECK>>['HealthCheckConfig'];

/** Reads a health check of any type; one that AWS would refuse is left out, and records that carry it count as healthy. */
export function readHealthCheck(input: ResourceInput, draft: Draft): Identity {
  const id = uuidFrom(`health-check ${input.seed}`);
  const named = identity(id, { HealthCheckId: id });
  draft.healthChecksLeftOut.add(id);
  const config = HEALTH_CHECK(input.properties, input.tell)?.HealthCheckConfig;
  if (config === undefined) return named;
  const protocol = endpointType(config.Type.value);
  if (protocol === undefined) {
    const derived = readDerived(config, id, input);
    if (derived === undefined) return named;
    draft.derivedHealthChecks.push(derived);
  } else {
    if (!isConsistent(config, protocol, input)) return named;
    draft.healthChecks.push(endpointCheck(config, protocol, id, input));
  }
  draft.healthChecksLeftOut.delete(id);
  return named;
}

function endpointCheck(config: Config, type: EndpointProtocol, id: string, input: ResourceInput): HealthCheck {
  const { SearchString: search } = config;
  return {
    id,
    type,
    ...(config.FullyQualifiedDomainName === undefined
      ? {}
      : { fullyQualifiedDomainName: domainName(config.FullyQualifiedDomainName) }),
    ...(config.IPAddress === undefined ? {} : { ipAddress: config.IPAddress.value }),
    ...(search !== undefined && config.Type.value.endsWith('_STR_MATCH') ? { searchString: search.value } : {}),
    ...(config.MeasureLatency === true ? { measureLatency: true } : {}),
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
  };
}

/** What belongs to a check of an endpoint and to no other. */
const OF_ENDPOINTS = [
  ...(['FullyQualifiedDomainName', 'IPAddress', 'Port', 'ResourcePath', 'SearchString', 'EnableSNI'] as const),
  ...(['RequestInterval', 'FailureThreshold', 'MeasureLatency', 'Regions'] as const),
];

function readDerived(
  config: Config,
  id: string,
  { tell, context, at: place }: ResourceInput,
): DraftDerivedHealthCheck | undefined {
  const type = config.Type.value;
  const refuse = (at: Config['at'], says: string, facts: readonly string[]): undefined => {
    tell.error('template/property', at, says, { facts });
    return undefined;
  };
  for (const key of OF_ENDPOINTS) {
    if (!config.written.has(key)) continue;
    const says = `${key} belongs to health checks of endpoints, not to ${type}.`;
    return refuse(config.at, says, type === 'RECOVERY_CONTROL' ? ['R53 HC-04', 'R53 HC-01'] : ['R53 HC-01']);
  }
  const { Inverted: inverted = false, Disabled: disabled = false } = config;
  const base = { id, inverted, disabled, stack: context.name, place };
  if (type === 'CALCULATED') {
    const { ChildHealthChecks: children, HealthThreshold: healthThreshold } = config;
    if (children === undefined || healthThreshold === undefined) {
      const complete = config.written.has('ChildHealthChecks') && config.written.has('HealthThreshold');
      return complete
        ? undefined
        : refuse(config.at, 'A CALCULATED health check needs ChildHealthChecks and HealthThreshold.', ['R53 HC-27']);
    }
    if (children.value.length > CHILDREN_MAX) {
      return refuse(children.at, `ChildHealthChecks has ${children.value.length} entries; 256 is the most.`, [
        'R53 HC-28',
        'R53 OQ-03',
      ]);
    }
    return { check: { ...base, type, healthThreshold, childHealthChecks: children.value }, followsAt: children.at };
  }
  if (type === 'CLOUDWATCH_METRIC') {
    const { AlarmIdentifier: alarm, InsufficientDataHealthStatus: status } = config;
    if (alarm === undefined || status === undefined) {
      const complete = config.written.has('AlarmIdentifier') && config.written.has('InsufficientDataHealthStatus');
      return complete
        ? undefined
        : refuse(
            config.at,
            'A CLOUDWATCH_METRIC health check needs AlarmIdentifier and InsufficientDataHealthStatus.',
            ['R53 HC-29', 'R53 HC-30'],
          );
    }
    const followed = { alarmRegion: alarm.Region.value, alarmName: alarm.Name, insufficientDataHealthStatus: status };
    return { check: { ...base, type, ...followed }, followsAt: alarm.at };
  }
  const { RoutingControlArn: control } = config;
  if (control === undefined) {
    return config.written.has('RoutingControlArn')
      ? undefined
      : refuse(config.at, 'A RECOVERY_CONTROL health check needs RoutingControlArn.', ['R53 HC-35']);
  }
  return { check: { ...base, type: 'RECOVERY_CONTROL', routingControlArn: control.value }, followsAt: control.at };
}

/** AWS's pages say 255 and 256; a template with 256 is let through (R53 HC-28). */
const CHILDREN_MAX = 256;

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
  const isMatching = config.Type.value.endsWith('_STR_MATCH');
  if (isMatching !== written.has('SearchString')) {
    const says = isMatching
      ? `A ${config.Type.value} health check needs SearchString.`
      : 'SearchString belongs to HTTP_STR_MATCH and HTTPS_STR_MATCH.';
    refuse(config.SearchString?.at ?? config.at, says, ['R53 HC-07']);
  }
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

/** Private, loopback, link-local, documentation, multicast and other ranges that lead nowhere (R53 HC-16; RFC 6890). */
const FORBIDDEN = [
  ...'0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24'.split(' '),
  ...'192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'.split(' '),
  ...'::/128 ::1/128 2001:db8::/32 fc00::/7 fe80::/10 ff00::/8'.split(' '),
].flatMap((block) => parseIpBlock(block) ?? []);

function isForbidden(address: string): boolean {
  const asked = parseIpBlock(address);
  return asked !== undefined && FORBIDDEN.some((block) => blockCovers(block, asked));
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
