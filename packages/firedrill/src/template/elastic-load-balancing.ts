import type { LoadBalancer } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { Attributes } from './load-balancer-attributes.ts';
import { ATTRIBUTES, attributesOf, numberAttribute } from './load-balancer-attributes.ts';
import { readListener, readListenerCertificate, readRule } from './load-balancer-listener.ts';
import { loadBalancerZoneId } from './load-balancer-zones.ts';
import { idFrom, LOWER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { arnOf, identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { anyText, inertFields, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';
import { readTargetGroup } from './target-group.ts';
import { readAutoScalingGroup, readService } from './target-staff.ts';

const HEX = '0123456789abcdef';

const LOAD_BALANCER = shape('AWS::ElasticLoadBalancingV2::LoadBalancer', {
  Name: optional(text({ most: 32 })),
  Type: optional(placed(oneOf(['application', 'network', 'gateway']))),
  Subnets: optional(listOf(anyText)),
  SubnetMappings: optional(
    listOf(
      shape('SubnetMapping', {
        SubnetId: required(anyText),
        ...inertFields('AllocationId', 'IPv6Address', 'PrivateIPv4Address', 'SourceNatIpv6Prefix'),
      }),
    ),
  ),
  LoadBalancerAttributes: optional(ATTRIBUTES),
  ...inertFields('Scheme', 'SecurityGroups', 'IpAddressType', 'Ipv4IpamPoolId', 'Tags'),
  ...inertFields('EnablePrefixForIpv6SourceNat', 'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic'),
  ...inertFields('EnableCapacityReservationProvisionStabilize', 'MinimumLoadBalancerCapacity'),
});

/** Load balancers, their listeners, and what registers targets with them. */
export const LOAD_BALANCING_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', { standing: 'acted-on', regional: true, read: readLoadBalancer }],
  ['AWS::ElasticLoadBalancingV2::Listener', { standing: 'acted-on', regional: true, read: readListener }],
  ['AWS::ElasticLoadBalancingV2::ListenerRule', { standing: 'acted-on', regional: true, read: readRule }],
  [
    'AWS::ElasticLoadBalancingV2::ListenerCertificate',
    { standing: 'acted-on', regional: true, read: readListenerCertificate },
  ],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', { standing: 'acted-on', regional: true, read: readTargetGroup }],
  ['AWS::ECS::Service', { standing: 'inert', regional: true, read: readService }],
  ['AWS::AutoScaling::AutoScalingGroup', { standing: 'inert', regional: true, read: readAutoScalingGroup }],
]);

function readLoadBalancer(input: ResourceInput, draft: Draft): Identity {
  const { region } = input.context;
  const named = textProperty(input, 'Type') ?? 'application';
  const type = named === 'network' ? 'network' : 'application';
  const name =
    textProperty(input, 'Name') ??
    `${input.context.name.slice(0, 6)}-${input.logicalId.slice(0, 12)}-${idFrom(input.seed, 12, LOWER_ALPHANUMERIC)}`;
  const id = idFrom(input.seed, 16, HEX);
  const kind = type === 'application' ? 'app' : 'net';
  const arn = arnOf(input, 'elasticloadbalancing', `loadbalancer/${kind}/${name}/${id}`);
  const digits = idFrom(`dns ${input.seed}`, 10, '0123456789');
  // The two kinds are named in two ways (RS 6.13, 6.14).
  const dnsName =
    type === 'application'
      ? `${name}-${digits}.${region}.elb.amazonaws.com`.toLowerCase()
      : `${name}-${id}.elb.${region}.amazonaws.com`.toLowerCase();
  const canonicalHostedZoneId = loadBalancerZoneId(region, type);
  const own: Identity = {
    ...identity(arn, {
      LoadBalancerArn: arn,
      LoadBalancerFullName: `${kind}/${name}/${id}`,
      LoadBalancerName: name,
      DNSName: dnsName,
      CanonicalHostedZoneID: canonicalHostedZoneId,
    }),
    open: true,
  };
  const properties = LOAD_BALANCER(input.properties, input.tell);
  if (properties === undefined) return own;
  if (properties.Type?.value === 'gateway') {
    const says = 'Firedrill does not act on Gateway Load Balancers; this one answers nobody.';
    input.tell.warning('template/not-acted-on', properties.Type.at, says);
    return own;
  }
  const attributes = attributesOf(properties.LoadBalancerAttributes);
  draft.balancing.balancers.push({
    arn,
    name,
    type,
    region,
    dnsName,
    canonicalHostedZoneId,
    subnets: [...(properties.Subnets ?? []), ...(properties.SubnetMappings ?? []).map(({ SubnetId }) => SubnetId)],
    idleTimeoutSeconds: numberAttribute(
      attributes,
      { key: 'idle_timeout.timeout_seconds', least: 1, most: 4000, otherwise: 60, facts: ['RS 6.9'] },
      input,
    ),
    crossZone: crossZoneOf(type, attributes),
    zonalShiftEnabled: attributes.get('zonal_shift.config.enabled')?.value === 'true',
    stack: input.context.name,
    at: input.at,
  });
  return own;
}

/** Always for Application Load Balancers, on request for Network Load Balancers. */
function crossZoneOf(type: LoadBalancer['type'], attributes: Attributes): boolean {
  return type === 'application' || attributes.get('load_balancing.cross_zone.enabled')?.value === 'true';
}
