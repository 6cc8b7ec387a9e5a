import { describe, expect, test } from 'vitest';
import type { Architecture, Read } from '../model/index.ts';
import { inLine, readOne } from '../../test/read-one.ts';

const ACCELERATOR = 'Front: { Type: AWS::GlobalAccelerator::Accelerator, Properties: { Name: front } }';
const BALANCER =
  'Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Name: app, Subnets: [subnet-1] } }';

function listener(properties = 'Protocol: TCP, PortRanges: [{ FromPort: 80, ToPort: 81 }]'): string {
  return `Listener: { Type: AWS::GlobalAccelerator::Listener, Properties: { AcceleratorArn: !Ref Front, ${properties} } }`;
}

function group(properties: string, name = 'Group', region = 'eu-west-1'): string {
  return `${name}: { Type: AWS::GlobalAccelerator::EndpointGroup, Properties: { ListenerArn: !Ref Listener, EndpointGroupRegion: ${region}, ${properties} } }`;
}

const ENDPOINT = 'EndpointConfigurations: [{ EndpointId: !Ref Balancer }]';

/** Resources on lines of their own from line 2 on; outputs after them. */
function read(resources: readonly string[], outputs: Readonly<Record<string, string>> = {}): Read<Architecture> {
  const lines = resources.map((resource) => `  ${resource}`);
  const told = Object.entries(outputs).map(([name, value]) => `  ${name}: { Value: ${value} }`);
  return readOne(`Resources:\n${lines.join('\n')}\n${told.length === 0 ? '' : `Outputs:\n${told.join('\n')}\n`}`);
}

function toldOf(...resources: readonly string[]): readonly string[] {
  return read(resources).findings.map(inLine);
}

test('a whole accelerator is read without a word, with the defaults of its parts', () => {
  const { value, findings } = read([ACCELERATOR, BALANCER, listener(), group(ENDPOINT)]);
  expect(findings).toEqual([]);
  const [front] = value.accelerators;
  expect(front).toMatchObject({ name: 'front', enabled: true, ipAddressType: 'IPV4' });
  const [own] = front?.listeners ?? [];
  // RS 2.3: no affinity unless asked for.
  expect(own).toMatchObject({ protocol: 'TCP', portRanges: [{ from: 80, to: 81 }], clientAffinity: 'NONE' });
  // RS 2.5, 2.6, 2.11: everything through, TCP to the first port every 30 s, three in a row, a weight of 128.
  expect(own?.endpointGroups).toMatchObject([
    {
      region: 'eu-west-1',
      trafficDialPercentage: 100,
      healthCheck: { protocol: 'TCP', path: '/', port: 80, intervalSeconds: 30, thresholdCount: 3 },
      endpoints: [{ endpointId: value.loadBalancers[0]?.arn, weight: 128, clientIpPreservation: true }],
    },
  ]);
});

describe('names and addresses', () => {
  const outputs = {
    Ref: '!Ref Front',
    Arn: '!GetAtt Front.AcceleratorArn',
    Name: '!GetAtt Front.DnsName',
    Dual: '!GetAtt Front.DualStackDnsName',
    Four: '!Join [" ", !GetAtt Front.Ipv4Addresses]',
    Six: '!Join [" ", !GetAtt Front.Ipv6Addresses]',
    Listener: '!Ref Listener',
    ListenerArn: '!GetAtt Listener.ListenerArn',
    Group: '!Ref Group',
    GroupArn: '!GetAtt Group.EndpointGroupArn',
  };
  const dual = ACCELERATOR.replace('Name: front', 'Name: front, IpAddressType: DUAL_STACK');
  const given = read([dual, BALANCER, listener(), group(ENDPOINT)], outputs).value.stacks[0]?.outputs ?? {};

  test('RS 2.1: an accelerator has two IPv4 addresses, and two of IPv6 when it is dual stack', () => {
    expect(given['Four']?.split(' ')).toHaveLength(2);
    expect(given['Six']?.split(' ')).toHaveLength(2);
    const single = read([ACCELERATOR], { Six: '!Join [" ", !GetAtt Front.Ipv6Addresses]' });
    expect(single.value.stacks[0]?.outputs['Six']).toBe('');
    expect(single.value.accelerators[0]?.ipv4Addresses).toHaveLength(2);
  });

  test('RS 2.2: its name is a and 16 hex digits, that of dual stack has a label more', () => {
    expect(given['Name']).toMatch(/^a[0-9a-f]{16}\.awsglobalaccelerator\.com$/);
    expect(given['Dual']).toMatch(/^a[0-9a-f]{16}\.dualstack\.awsglobalaccelerator\.com$/);
  });

  test('RS 2.25: Ref of an accelerator is its ARN', () => {
    expect(given['Ref']).toBe(given['Arn']);
  });

  test('RS 2.26: Ref of a listener is its ARN', () => {
    expect(given['Listener']).toBe(given['ListenerArn']);
  });

  test('RS 2.27: Ref of an endpoint group is its ARN, and ARNs name no Region', () => {
    expect(given['Group']).toBe(given['GroupArn']);
    expect(given['GroupArn']).toMatch(
      /^arn:aws:globalaccelerator::\d{12}:accelerator\/[0-9a-f-]{36}\/listener\/[0-9a-f]+\/endpoint-group\/[0-9a-f]+$/,
    );
  });
});

describe('what AWS refuses', () => {
  test('RS 2.3: protocols, affinity, and 1 to 10 port ranges from 1 to 65535', () => {
    expect(toldOf(ACCELERATOR, listener('Protocol: HTTP, PortRanges: []'))).toEqual([
      'error template/property 3: Protocol is HTTP; it must be one of TCP, UDP.',
    ]);
    expect(
      toldOf(
        ACCELERATOR,
        listener('Protocol: TCP, ClientAffinity: COOKIE, PortRanges: [{ FromPort: 0, ToPort: 65536 }]'),
      ),
    ).toEqual([
      'error template/property 3: ClientAffinity is COOKIE; it must be one of NONE, SOURCE_IP.',
      'error template/property 3: FromPort is 0; it must be from 1 to 65535.',
      'error template/property 3: ToPort is 65536; it must be from 1 to 65535.',
    ]);
    const eleven = Array.from({ length: 11 }, (_, i) => `{ FromPort: ${i + 1}, ToPort: ${i + 1} }`).join(', ');
    expect(toldOf(ACCELERATOR, listener(`Protocol: TCP, PortRanges: [${eleven}]`))).toEqual([
      'error template/property 3: A listener has 1 to 10 port ranges; this one has 11.',
    ]);
  });

  test('RS 2.5: a second group in a Region, a dial above 100, more than 10 port overrides', () => {
    expect(toldOf(ACCELERATOR, BALANCER, listener(), group(ENDPOINT), group(ENDPOINT, 'Again'))).toEqual([
      'error template/property 6: The listener has two endpoint groups in eu-west-1.',
    ]);
    expect(toldOf(ACCELERATOR, listener(), group('TrafficDialPercentage: 101'))).toEqual([
      'error template/property 4: TrafficDialPercentage is 101; it must be from 0 to 100.',
    ]);
    const eleven = Array.from({ length: 11 }, (_, i) => `{ ListenerPort: ${i + 1}, EndpointPort: ${i + 1} }`).join(
      ', ',
    );
    expect(toldOf(ACCELERATOR, listener(), group(`PortOverrides: [${eleven}]`))).toEqual([
      'error template/property 4: A group has 10 port overrides at most; this one has 11.',
    ]);
  });

  test('RS 2.6: intervals other than 10 and 30 s, thresholds outside 1 to 10', () => {
    expect(toldOf(ACCELERATOR, listener(), group('HealthCheckIntervalSeconds: 20, ThresholdCount: 11'))).toEqual([
      'error template/property 4: ThresholdCount is 11; it must be from 1 to 10.',
      'error template/property 4: HealthCheckIntervalSeconds is 20; it must be 10 or 30.',
    ]);
  });

  test('RS 2.11: weights outside 0 to 255', () => {
    expect(
      toldOf(
        ACCELERATOR,
        BALANCER,
        listener(),
        group('EndpointConfigurations: [{ EndpointId: !Ref Balancer, Weight: 256 }]'),
      ),
    ).toEqual(['error template/property 5: Weight is 256; it must be from 0 to 255.']);
  });

  test('RS 2.12: more than 10 endpoints in a group; one endpoint may be in several', () => {
    const eleven = Array.from({ length: 11 }, () => '{ EndpointId: !Ref Balancer }').join(', ');
    expect(toldOf(ACCELERATOR, BALANCER, listener(), group(`EndpointConfigurations: [${eleven}]`))).toEqual([
      'error template/property 5: A group has 10 endpoints at most; this one has 11.',
    ]);
    const second = listener('Protocol: TCP, PortRanges: [{ FromPort: 443, ToPort: 443 }]').replace(
      'Listener:',
      'Second:',
    );
    const inSecond = group(ENDPOINT, 'Other').replace('!Ref Listener', '!Ref Second');
    const { value, findings } = read([ACCELERATOR, BALANCER, listener(), second, group(ENDPOINT), inSecond]);
    expect(findings).toEqual([]);
    const ends = value.accelerators[0]?.listeners.map(
      ({ endpointGroups }) => endpointGroups[0]?.endpoints[0]?.endpointId,
    );
    expect(ends).toEqual([value.loadBalancers[0]?.arn, value.loadBalancers[0]?.arn]);
  });

  test('an endpoint in another Region than its group', () => {
    expect(toldOf(ACCELERATOR, BALANCER, listener(), group(ENDPOINT, 'Group', 'us-east-1'))).toEqual([
      expect.stringMatching(
        /^error template\/property 5: The endpoint arn:.* is in eu-west-1; this group is for us-east-1\.$/,
      ),
    ]);
  });

  test('RS 2.23: what goes beyond the quotas needs them raised', () => {
    const many = Array.from({ length: 11 }, (_, i) =>
      listener(`Protocol: TCP, PortRanges: [{ FromPort: ${i + 1}, ToPort: ${i + 1} }]`).replace(
        'Listener:',
        `Listener${i}:`,
      ),
    );
    expect(toldOf(ACCELERATOR, ...many)).toEqual([
      'warning template/property 2: AWS allows 10 listeners for an accelerator; a deployment of this needs a raised quota.',
    ]);
    const accelerators = Array.from({ length: 21 }, (_, i) => ACCELERATOR.replace('Front:', `Front${i}:`));
    expect(toldOf(...accelerators)).toEqual([
      'warning template/property 22: AWS allows 20 accelerators; a deployment of this needs a raised quota.',
    ]);
  });
});

describe('what is left out', () => {
  test('listeners for UDP, and endpoints that no template makes', () => {
    expect(toldOf(ACCELERATOR, listener('Protocol: UDP, PortRanges: [{ FromPort: 53, ToPort: 53 }]'))).toEqual([
      'warning template/not-acted-on 3: Nothing in a drill sends UDP; this listener gets no traffic.',
    ]);
    expect(toldOf(ACCELERATOR, listener(), group('EndpointConfigurations: [{ EndpointId: eipalloc-1 }]'))).toEqual([
      'warning template/not-acted-on 4: The endpoint eipalloc-1 is in no template read; it is left out.',
    ]);
  });

  test('RS 2.12: an Elastic IP address of an instance is the instance', () => {
    const { value, findings } = read([
      ACCELERATOR,
      'Web: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1 } }',
      'Address: { Type: AWS::EC2::EIP, Properties: { InstanceId: !Ref Web } }',
      'Free: { Type: AWS::EC2::EIP }',
      listener(),
      group(
        'EndpointConfigurations: [{ EndpointId: !GetAtt Address.AllocationId }, { EndpointId: !GetAtt Free.AllocationId }]',
      ),
    ]);
    expect(findings).toEqual([]);
    const [web, free] = value.servers;
    const ends = value.accelerators[0]?.listeners[0]?.endpointGroups[0]?.endpoints.map(({ endpointId }) => endpointId);
    expect(ends).toEqual([web?.id, free?.id]);
    expect(free?.id).toMatch(/^eipalloc-/);
  });
});

test('R53 AL-12: an alias to an accelerator has one zone in all Regions', () => {
  const alias = (zone: string): string =>
    `Name: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: www.example.com, Type: A, AliasTarget: { DNSName: !GetAtt Front.DnsName, HostedZoneId: ${zone} } } }`;
  expect(toldOf(ACCELERATOR, alias('Z2BJ6XQ5FK7U4H'))).toEqual([]);
  expect(toldOf(ACCELERATOR, alias('Z2FDTNDATAQYW2'))).toEqual([
    expect.stringMatching(
      /^error template\/property 3: .* has the HostedZoneId Z2FDTNDATAQYW2; it must be Z2BJ6XQ5FK7U4H\.$/,
    ),
  ]);
});
