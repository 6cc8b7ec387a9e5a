import type { Target, TargetGroup, TargetHealthCheck } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { ATTRIBUTES, attributesOf, numberAttribute } from './load-balancer-attributes.ts';
import { idFrom, LOWER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { arnOf, identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { boolean, inertFields, integer, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';

const HEX = '0123456789abcdef';
const FACTS = ['RS 6.1'];

const TARGET_GROUP = shape('AWS::ElasticLoadBalancingV2::TargetGroup', {
  Name: optional(text({ most: 32 })),
  Port: optional(integer({ least: 1, most: 65_535, facts: FACTS })),
  Protocol: optional(placed(oneOf(['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC', 'GENEVE']))),
  TargetType: optional(oneOf(['instance', 'ip', 'lambda', 'alb'])),
  Targets: optional(
    listOf(
      shape('TargetDescription', {
        Id: required(placed(text())),
        Port: optional(integer({ least: 1, most: 65_535, facts: FACTS })),
        AvailabilityZone: optional(text()),
        ...inertFields('QuicServerId'),
      }),
    ),
  ),
  HealthCheckEnabled: optional(boolean),
  HealthCheckIntervalSeconds: optional(integer({ least: 5, most: 300, facts: FACTS })),
  HealthCheckPath: optional(text({ most: 1024 })),
  HealthCheckPort: optional(placed(text())),
  HealthCheckProtocol: optional(oneOf(['HTTP', 'HTTPS', 'TCP'])),
  HealthCheckTimeoutSeconds: optional(integer({ least: 2, most: 120, facts: FACTS })),
  HealthyThresholdCount: optional(integer({ least: 2, most: 10, facts: FACTS })),
  UnhealthyThresholdCount: optional(integer({ least: 2, most: 10, facts: FACTS })),
  Matcher: optional(shape('Matcher', { HttpCode: optional(placed(text())), ...inertFields('GrpcCode') })),
  TargetGroupAttributes: optional(ATTRIBUTES),
  ...inertFields('ProtocolVersion', 'VpcId', 'IpAddressType', 'Tags', 'TargetControlPort'),
});

type Properties = NonNullable<ReturnType<typeof TARGET_GROUP>>;

export function readTargetGroup(input: ResourceInput, draft: Draft): Identity {
  const fallback = `${input.context.name.slice(0, 6)}-${input.logicalId.slice(0, 12)}-${idFrom(input.seed, 12, LOWER_ALPHANUMERIC)}`;
  const name = textProperty(input, 'Name') ?? fallback;
  const id = idFrom(input.seed, 16, HEX);
  const arn = arnOf(input, 'elasticloadbalancing', `targetgroup/${name}/${id}`);
  const own: Identity = {
    ...identity(arn, { TargetGroupArn: arn, TargetGroupName: name, TargetGroupFullName: `targetgroup/${name}/${id}` }),
    open: true,
  };
  const properties = TARGET_GROUP(input.properties, input.tell);
  if (properties === undefined) return own;
  const targetType = properties.TargetType ?? 'instance';
  const named = properties.Protocol?.value ?? 'HTTP';
  const protocol = named === 'HTTP' || named === 'HTTPS' ? named : 'TCP';
  if (named === 'UDP' || named === 'QUIC' || named === 'GENEVE') {
    const says = `Nothing in a drill sends ${named}; the target group ${name} gets no traffic.`;
    input.tell.warning('template/not-acted-on', properties.Protocol?.at ?? input.at, says);
  }
  const port = properties.Port ?? (protocol === 'HTTPS' ? 443 : 80);
  const attributes = attributesOf(properties.TargetGroupAttributes);
  const threshold = (key: string): number =>
    numberAttribute(attributes, { key, least: 1, most: 1_000_000, otherwise: 1, facts: ['RS 6.6'] }, input);
  draft.balancing.targetGroups.push({
    arn,
    name,
    region: input.context.region,
    targetType,
    protocol,
    healthCheck: healthCheckOf(properties, { targetType, protocol }, input),
    targets: (properties.Targets ?? []).map(({ Id, Port, AvailabilityZone: zone }): Target => ({
      id: Id.value,
      port: Port ?? port,
      ...(zone === undefined || zone === 'all' ? {} : { zone }),
    })),
    dnsFailoverMinimumCount: threshold('target_group_health.dns_failover.minimum_healthy_targets.count'),
    unhealthyRoutingMinimumCount: threshold(
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count',
    ),
    multiValueHeaders: attributes.get('lambda.multi_value_headers.enabled')?.value === 'true',
    stack: input.context.name,
    place: input.at,
  });
  return own;
}

/** What a template leaves out (RS 6.1, 6.3; where the guide and the API differ, the guide: RS 6.2). */
function healthCheckOf(
  properties: Properties,
  { targetType, protocol }: Pick<TargetGroup, 'targetType' | 'protocol'>,
  input: ResourceInput,
): TargetHealthCheck {
  const isLambda = targetType === 'lambda';
  const isNetwork = protocol === 'TCP';
  const checked = properties.HealthCheckProtocol ?? (isNetwork ? 'TCP' : 'HTTP');
  const timeoutSeconds = isLambda ? 30 : isNetwork ? (checked === 'HTTP' ? 6 : 10) : 5;
  const port = properties.HealthCheckPort;
  return {
    // Functions are checked only when a template says so.
    enabled: properties.HealthCheckEnabled ?? !isLambda,
    protocol: checked,
    path: properties.HealthCheckPath ?? '/',
    ...(port === undefined || port.value === 'traffic-port' ? {} : { port: Number(port.value) || 80 }),
    intervalSeconds: properties.HealthCheckIntervalSeconds ?? (isLambda ? 35 : 30),
    timeoutSeconds: properties.HealthCheckTimeoutSeconds ?? timeoutSeconds,
    healthyThresholdCount: properties.HealthyThresholdCount ?? 5,
    unhealthyThresholdCount: properties.UnhealthyThresholdCount ?? 2,
    matcher: matcherOf(properties, isNetwork, input),
  };
}

/** `200`, `200,202` or `200-299`, or several of them. */
function matcherOf({ Matcher }: Properties, isNetwork: boolean, { tell }: ResourceInput): TargetHealthCheck['matcher'] {
  const otherwise: TargetHealthCheck['matcher'] = isNetwork ? [[200, 399]] : [[200, 200]];
  const written = Matcher?.HttpCode;
  if (written === undefined) return otherwise;
  const [least, most] = isNetwork ? [200, 599] : [200, 499];
  const ranges = written.value.split(',').map((part): readonly [number, number] => {
    const [first = Number.NaN, last = first] = part.trim().split('-').map(Number);
    return [first, last];
  });
  if (ranges.every(([first, last]) => Number.isInteger(first) && first >= least && first <= last && last <= most))
    return ranges;
  const says = `HttpCode is ${written.value}; it must be statuses from ${least} to ${most}, as 200,202 or 200-299.`;
  tell.error('template/property', written.at, says, { facts: isNetwork ? ['RS 6.3'] : ['RS 6.1'] });
  return otherwise;
}
