import type { Draft } from './draft.ts';
import { octets } from './ec2.ts';
import { idFrom, uuidFrom } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { boolean, inertFields, integer, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';

const HEX = '0123456789abcdef';
const PORT = { least: 1, most: 65_535 } as const;

const ACCELERATOR = shape('AWS::GlobalAccelerator::Accelerator', {
  Name: required(text({ most: 64 })),
  Enabled: optional(boolean),
  IpAddressType: optional(oneOf(['IPV4', 'DUAL_STACK'])),
  IpAddresses: optional(listOf(text())),
  ...inertFields('Tags'),
});

const LISTENER = shape('AWS::GlobalAccelerator::Listener', {
  AcceleratorArn: required(placed(text())),
  Protocol: required(placed(oneOf(['TCP', 'UDP'], ['RS 2.3']))),
  PortRanges: required(
    placed(
      listOf(
        shape('PortRange', {
          FromPort: required(integer({ ...PORT, facts: ['RS 2.3'] })),
          ToPort: required(integer({ ...PORT, facts: ['RS 2.3'] })),
        }),
      ),
    ),
  ),
  ClientAffinity: optional(oneOf(['NONE', 'SOURCE_IP'], ['RS 2.3'])),
});

const ENDPOINT_GROUP = shape('AWS::GlobalAccelerator::EndpointGroup', {
  ListenerArn: required(placed(text())),
  EndpointGroupRegion: required(text()),
  EndpointConfigurations: optional(
    listOf(
      shape('EndpointConfiguration', {
        EndpointId: required(placed(text())),
        Weight: optional(integer({ least: 0, most: 255, facts: ['RS 2.11'] })),
        ClientIPPreservationEnabled: optional(boolean),
        ...inertFields('AttachmentArn'),
      }),
    ),
  ),
  TrafficDialPercentage: optional(integer({ least: 0, most: 100, facts: ['RS 2.5'] })),
  HealthCheckProtocol: optional(oneOf(['TCP', 'HTTP', 'HTTPS'], ['RS 2.6'])),
  HealthCheckPath: optional(text({ most: 255, facts: ['RS 2.6'] })),
  HealthCheckPort: optional(integer({ least: -1, most: 65_535, facts: ['RS 2.6'] })),
  HealthCheckIntervalSeconds: optional(placed(integer({ least: 10, most: 30, facts: ['RS 2.6'] }))),
  ThresholdCount: optional(integer({ least: 1, most: 10, facts: ['RS 2.6'] })),
  PortOverrides: optional(
    placed(
      listOf(
        shape('PortOverride', {
          ListenerPort: required(integer({ ...PORT, facts: ['RS 2.5'] })),
          EndpointPort: required(integer({ ...PORT, facts: ['RS 2.5'] })),
        }),
      ),
    ),
  ),
});

/** Standard accelerators; custom routing maps ports to instances and has no failover, so it is left out. */
export const GLOBAL_ACCELERATOR_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::GlobalAccelerator::Accelerator', { standing: 'acted-on', regional: false, read: readAccelerator }],
  ['AWS::GlobalAccelerator::Listener', { standing: 'acted-on', regional: false, read: readListener }],
  ['AWS::GlobalAccelerator::EndpointGroup', { standing: 'acted-on', regional: false, read: readEndpointGroup }],
  ['AWS::GlobalAccelerator::CrossAccountAttachment', { standing: 'inert', regional: false, read: readAttachment }],
]);

/** ARNs of the service name no Region (RS 2.27). */
function globalArn({ context }: ResourceInput, rest: string): string {
  return `arn:${context.partition}:globalaccelerator::${context.account}:${rest}`;
}

function readAccelerator(input: ResourceInput, draft: Draft): Identity {
  const arn = globalArn(input, `accelerator/${uuidFrom(input.seed)}`);
  const id = `a${idFrom(input.seed, 16, HEX)}`;
  const dnsName = `${id}.awsglobalaccelerator.com`;
  const dualStackDnsName = `${id}.dualstack.awsglobalaccelerator.com`;
  const properties = ACCELERATOR(input.properties, input.tell);
  // Two static addresses, from two parts of AWS's network (RS 2.1); or the user's own.
  const made = [`75.2.${octets(`first ${input.seed}`, 2)}`, `99.83.${octets(`second ${input.seed}`, 2)}`];
  const ipv4Addresses = [...(properties?.IpAddresses ?? []), ...made].slice(0, 2);
  const isDual = properties?.IpAddressType === 'DUAL_STACK';
  const ipv6Addresses = isDual
    ? ['first', 'second'].map((which) => `2600:9000:a000::${idFrom(`${which} ${input.seed}`, 4, HEX)}`)
    : [];
  if (properties !== undefined) {
    draft.acceleration.accelerators.push({
      arn,
      name: properties.Name,
      enabled: properties.Enabled ?? true,
      ipAddressType: properties.IpAddressType ?? 'IPV4',
      dnsName,
      dualStackDnsName,
      ipv4Addresses,
      stack: input.context.name,
      at: input.at,
    });
  }
  return identity(arn, {
    AcceleratorArn: arn,
    DnsName: dnsName,
    DualStackDnsName: isDual ? dualStackDnsName : '',
    Ipv4Addresses: ipv4Addresses,
    Ipv6Addresses: ipv6Addresses,
  });
}

function readListener(input: ResourceInput, draft: Draft): Identity {
  const accelerator = textProperty(input, 'AcceleratorArn') ?? globalArn(input, 'accelerator/unknown');
  const arn = `${accelerator}/listener/${idFrom(input.seed, 8, HEX)}`;
  const own = identity(arn, { ListenerArn: arn });
  const properties = LISTENER(input.properties, input.tell);
  if (properties === undefined) return own;
  const { AcceleratorArn: acceleratorArn, Protocol: protocol, PortRanges: ranges } = properties;
  if (ranges.value.length < 1 || ranges.value.length > 10) {
    input.tell.error(
      'template/property',
      ranges.at,
      `A listener has 1 to 10 port ranges; this one has ${ranges.value.length}.`,
      { facts: ['RS 2.3'] },
    );
  }
  if (protocol.value === 'UDP')
    input.tell.warning(
      'template/not-acted-on',
      protocol.at,
      'Nothing in a drill sends UDP; this listener gets no traffic.',
    );
  draft.acceleration.listeners.push({
    arn,
    acceleratorArn,
    protocol: protocol.value,
    portRanges: ranges.value.map(({ FromPort, ToPort }) => ({ from: FromPort, to: ToPort })),
    clientAffinity: properties.ClientAffinity ?? 'NONE',
    at: input.at,
  });
  return own;
}

function readEndpointGroup(input: ResourceInput, draft: Draft): Identity {
  const listener = textProperty(input, 'ListenerArn') ?? globalArn(input, 'accelerator/unknown/listener/unknown');
  const arn = `${listener}/endpoint-group/${idFrom(input.seed, 12, HEX)}`;
  const own = identity(arn, { EndpointGroupArn: arn });
  const properties = ENDPOINT_GROUP(input.properties, input.tell);
  if (properties === undefined) return own;
  const { HealthCheckIntervalSeconds: interval, HealthCheckPort: port, PortOverrides: overrides } = properties;
  if (interval !== undefined && interval.value !== 10 && interval.value !== 30)
    input.tell.error(
      'template/property',
      interval.at,
      `HealthCheckIntervalSeconds is ${interval.value}; it must be 10 or 30.`,
      { facts: ['RS 2.6'] },
    );
  if (overrides !== undefined && overrides.value.length > 10)
    input.tell.error(
      'template/property',
      overrides.at,
      `A group has 10 port overrides at most; this one has ${overrides.value.length}.`,
      { facts: ['RS 2.5'] },
    );
  const endpoints = properties.EndpointConfigurations ?? [];
  if (endpoints.length > 10)
    input.tell.error(
      'template/property',
      input.at,
      `A group has 10 endpoints at most; this one has ${endpoints.length}.`,
      { facts: ['RS 2.12'] },
    );
  draft.acceleration.groups.push({
    arn,
    listenerArn: properties.ListenerArn,
    region: properties.EndpointGroupRegion,
    trafficDialPercentage: properties.TrafficDialPercentage ?? 100,
    healthCheckPort: port === undefined || port < 1 ? undefined : port,
    healthCheck: {
      protocol: properties.HealthCheckProtocol ?? 'TCP',
      path: properties.HealthCheckPath ?? '/',
      intervalSeconds: interval?.value === 10 ? 10 : 30,
      thresholdCount: properties.ThresholdCount ?? 3,
    },
    portOverrides: (overrides?.value ?? []).map(({ ListenerPort, EndpointPort }) => ({
      listenerPort: ListenerPort,
      endpointPort: EndpointPort,
    })),
    endpoints: endpoints.map(({ EndpointId, Weight, ClientIPPreservationEnabled }) => ({
      endpointId: EndpointId,
      weight: Weight ?? 128,
      clientIpPreservation: ClientIPPreservationEnabled,
    })),
    at: input.at,
  });
  return own;
}

function readAttachment(input: ResourceInput): Identity {
  const arn = globalArn(input, `attachment/${uuidFrom(input.seed)}`);
  return identity(arn, { AttachmentArn: arn });
}
