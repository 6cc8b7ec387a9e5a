import { describe, expect, test } from 'vitest';
import type { Architecture, Read } from '../model/index.ts';
import { inLine, readOne } from '../../test/read-one.ts';

/** A function, and resources on lines of their own from line 6 on. */
function read(...resources: readonly string[]): Read<Architecture> {
  return readOne(`Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: { Runtime: nodejs22.x, Handler: index.handler, Role: r, Code: { ZipFile: "exports.handler = 1" } }
  Certificate: { Type: AWS::CertificateManager::Certificate, Properties: { DomainName: www.example.com } }
${resources.map((resource) => `  ${resource}`).join('\n')}
`);
}

const BALANCER =
  'Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Name: front, Subnets: [subnet-1, subnet-2] } }';
const NETWORK =
  'Network: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Name: net, Type: network, Subnets: [subnet-1] } }';

function group(properties: string, name = 'Group'): string {
  return `${name}: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { ${properties} } }`;
}

const LAMBDA_GROUP = group('Name: app, TargetType: lambda, Targets: [{ Id: !GetAtt Function.Arn }]');

function listener(properties: string, balancer = 'Balancer'): string {
  return `Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref ${balancer}, ${properties} } }`;
}

const HTTP = listener('Port: 80, Protocol: HTTP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]');

/** What was told, on one line each. */
function told(...resources: readonly string[]): readonly string[] {
  return read(...resources).findings.map(inLine);
}

describe('load balancers', () => {
  test('a load balancer with a listener and a function behind it is read without a word', () => {
    const { value, findings } = read(BALANCER, LAMBDA_GROUP, HTTP);
    expect(findings).toEqual([]);
    const [balancer] = value.loadBalancers;
    const [targets] = value.targetGroups;
    expect(balancer).toMatchObject({
      type: 'application',
      region: 'eu-west-1',
      zones: ['eu-west-1a', 'eu-west-1b'],
      idleTimeoutSeconds: 60,
      crossZone: true,
    });
    expect(balancer?.listeners).toMatchObject([
      {
        port: 80,
        protocol: 'HTTP',
        defaultAction: { kind: 'forward', targetGroups: [{ targetGroupArn: targets?.arn, weight: 1 }] },
      },
    ]);
    expect(targets?.targets).toEqual([{ id: value.functions[0]?.arn, port: 80 }]);
  });

  test('RS 6.13: an Application Load Balancer is called name, digits, Region, elb', () => {
    expect(read(BALANCER).value.loadBalancers[0]?.dnsName).toMatch(/^front-\d{10}\.eu-west-1\.elb\.amazonaws\.com$/);
  });

  test('RS 6.14: a Network Load Balancer is called name, 16 hex digits, elb, Region', () => {
    expect(read(NETWORK).value.loadBalancers[0]?.dnsName).toMatch(/^net-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/);
  });

  test('R53 AL-14: their zones are those of their Region, one for each kind', () => {
    expect(read(BALANCER).value.loadBalancers[0]?.canonicalHostedZoneId).toBe('Z32O12XQLNTSW2');
    expect(read(NETWORK).value.loadBalancers[0]?.canonicalHostedZoneId).toBe('Z2IFOLAFXWLO4F');
  });

  test('a zone of AWS is that of the subnet, where a template makes it', () => {
    const subnet = 'Sub: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-1, AvailabilityZone: eu-west-1c } }';
    const { value } = read(subnet, BALANCER.replace('subnet-1, subnet-2', '!Ref Sub'));
    expect(value.loadBalancers[0]?.zones).toEqual(['eu-west-1c']);
  });

  test('RS 6.9, 6.15a: idle timeouts have their defaults and their bounds', () => {
    const tcp = listener(
      'Port: 80, Protocol: TCP, ListenerAttributes: [{ Key: tcp.idle_timeout.seconds, Value: "59" }], DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]',
      'Network',
    );
    const { value, findings } = read(NETWORK, group('Protocol: TCP, TargetType: ip, Targets: [{ Id: 10.0.0.1 }]'), tcp);
    expect(findings.map(inLine)).toEqual([
      'error template/property 8: tcp.idle_timeout.seconds is 59; it must be from 60 to 6000.',
    ]);
    expect(value.loadBalancers[0]?.listeners[0]?.tcpIdleTimeoutSeconds).toBe(350);
    const slow = BALANCER.replace(
      'Name: front',
      'Name: front, LoadBalancerAttributes: [{ Key: idle_timeout.timeout_seconds, Value: "5" }]',
    );
    expect(read(slow).value.loadBalancers[0]?.idleTimeoutSeconds).toBe(5);
  });

  test('RS 6.11: weights are from 0 to 999', () => {
    const action =
      'DefaultActions: [{ Type: forward, ForwardConfig: { TargetGroups: [{ TargetGroupArn: !Ref Group, Weight: 1000 }] } }]';
    expect(told(BALANCER, LAMBDA_GROUP, listener(`Port: 80, Protocol: HTTP, ${action}`))).toEqual([
      'error template/property 8: Weight is 1000; it must be from 0 to 999.',
    ]);
  });

  test('what answers by itself, rules in order of priority, and conditions that are not acted on', () => {
    const fixed =
      'DefaultActions: [{ Type: fixed-response, FixedResponseConfig: { StatusCode: 404, MessageBody: nothing } }]';
    const rule = (name: string, priority: number, condition: string): string =>
      `${name}: { Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: { ListenerArn: !Ref Listener, Priority: ${priority}, Conditions: [${condition}], Actions: [{ Type: forward, TargetGroupArn: !Ref Group }] } }`;
    const { value, findings } = read(
      BALANCER,
      LAMBDA_GROUP,
      listener(`Port: 80, Protocol: HTTP, ${fixed}`),
      rule('B', 2, '{ Field: path-pattern, Values: [/b/*] }'),
      rule('A', 1, '{ Field: host-header, HostHeaderConfig: { Values: [a.example.com] } }'),
      rule('C', 3, '{ Field: source-ip, SourceIpConfig: { Values: [10.0.0.0/8] } }'),
    );
    expect(findings.map(inLine)).toEqual([
      'warning template/not-acted-on 11: Firedrill does not act on conditions of source-ip yet; the rule is left out.',
    ]);
    const [own] = value.loadBalancers[0]?.listeners ?? [];
    expect(own?.defaultAction).toEqual({
      kind: 'fixed-response',
      status: 404,
      contentType: 'text/plain',
      body: 'nothing',
    });
    expect(own?.rules.map(({ priority, conditions }) => [priority, conditions])).toEqual([
      [1, [{ field: 'host-header', values: ['a.example.com'] }]],
      [2, [{ field: 'path-pattern', values: ['/b/*'] }]],
    ]);
  });

  test('RS 6.10: whoever has to be asked who they are counts as known', () => {
    const actions =
      'DefaultActions: [{ Type: authenticate-oidc, Order: 1 }, { Type: forward, Order: 2, TargetGroupArn: !Ref Group }]';
    expect(told(BALANCER, LAMBDA_GROUP, listener(`Port: 80, Protocol: HTTP, ${actions}`))).toEqual([
      'warning template/not-acted-on 8: Firedrill does not act on authenticate-oidc; every client counts as known.',
    ]);
  });

  test('certificates must be in the Region of the listener, and an HTTPS listener needs one', () => {
    const https = (certificates: string): string =>
      listener(
        `Port: 443, Protocol: HTTPS, ${certificates} DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]`,
      );
    expect(told(BALANCER, LAMBDA_GROUP, https('Certificates: [{ CertificateArn: !Ref Certificate }],'))).toEqual([]);
    expect(told(BALANCER, LAMBDA_GROUP, https(''))).toEqual([
      'error template/property 8: An HTTPS listener needs a certificate.',
    ]);
    const far = 'Certificates: [{ CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/x" }],';
    expect(told(BALANCER, LAMBDA_GROUP, https(far))).toEqual([
      'error template/property 8: The certificate of the listener on port 443 is in us-east-1; it must be in eu-west-1.',
    ]);
  });
});

describe('target groups', () => {
  function checkOf(properties: string): unknown {
    return read(group(properties)).value.targetGroups[0]?.healthCheck;
  }

  test('RS 6.1: checks have the defaults of their kind of target', () => {
    expect(checkOf('TargetType: instance')).toEqual({
      enabled: true,
      protocol: 'HTTP',
      path: '/',
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThresholdCount: 5,
      unhealthyThresholdCount: 2,
      matcher: [[200, 200]],
    });
    expect(checkOf('TargetType: lambda')).toMatchObject({ enabled: false, intervalSeconds: 35, timeoutSeconds: 30 });
    expect(checkOf('TargetType: lambda, HealthCheckEnabled: true')).toMatchObject({ enabled: true });
  });

  test('RS 6.2: of two documented timeouts for HTTP the guide’s is taken', () => {
    expect(checkOf('Protocol: HTTP, HealthCheckProtocol: HTTPS')).toMatchObject({ timeoutSeconds: 5 });
  });

  test('RS 6.3: checks of Network Load Balancers are TCP, and take 200 to 399 for healthy', () => {
    expect(checkOf('Protocol: TCP')).toMatchObject({ protocol: 'TCP', timeoutSeconds: 10, matcher: [[200, 399]] });
    expect(checkOf('Protocol: TCP, HealthCheckProtocol: HTTP')).toMatchObject({ timeoutSeconds: 6 });
  });

  test('RS 6.1: statuses are given as a list and as ranges, from 200 to 499', () => {
    expect(checkOf('Matcher: { HttpCode: "200,202" }')).toMatchObject({
      matcher: [
        [200, 200],
        [202, 202],
      ],
    });
    expect(checkOf('Matcher: { HttpCode: 200-299 }')).toMatchObject({ matcher: [[200, 299]] });
    expect(told(group('TargetType: ip, Targets: [{ Id: 10.0.0.1 }], Matcher: { HttpCode: 200-599 }'))).toEqual([
      'error template/property 6: HttpCode is 200-599; it must be statuses from 200 to 499, as 200,202 or 200-299.',
    ]);
  });

  test('RS 6.1: bounds of interval, timeout and thresholds', () => {
    const wrong =
      'TargetType: ip, Targets: [{ Id: 10.0.0.1 }], HealthCheckIntervalSeconds: 4, HealthCheckTimeoutSeconds: 121, HealthyThresholdCount: 1, UnhealthyThresholdCount: 11';
    expect(told(group(wrong))).toEqual([
      'error template/property 6: HealthCheckIntervalSeconds is 4; it must be from 5 to 300.',
      'error template/property 6: HealthCheckTimeoutSeconds is 121; it must be from 2 to 120.',
      'error template/property 6: HealthyThresholdCount is 1; it must be from 2 to 10.',
      'error template/property 6: UnhealthyThresholdCount is 11; it must be from 2 to 10.',
    ]);
  });

  test('RS 6.6: thresholds of target group health are attributes, 1 unless said otherwise', () => {
    expect(read(group('Name: a')).value.targetGroups[0]).toMatchObject({
      dnsFailoverMinimumCount: 1,
      unhealthyRoutingMinimumCount: 1,
    });
    const attributes =
      'TargetGroupAttributes: [{ Key: target_group_health.dns_failover.minimum_healthy_targets.count, Value: "3" }, { Key: target_group_health.unhealthy_state_routing.minimum_healthy_targets.count, Value: "2" }]';
    expect(read(group(attributes)).value.targetGroups[0]).toMatchObject({
      dnsFailoverMinimumCount: 3,
      unhealthyRoutingMinimumCount: 2,
    });
  });

  test('instances are in the zone of their subnet, and addresses are servers of their own', () => {
    const { value, findings } = read(
      'Sub: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-1, AvailabilityZone: eu-west-1b } }',
      'Web: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, SubnetId: !Ref Sub } }',
      group('Port: 8080, Targets: [{ Id: !Ref Web }]'),
      group('TargetType: ip, Targets: [{ Id: 10.1.2.3, AvailabilityZone: eu-west-1a }]', 'Addresses'),
    );
    expect(findings).toEqual([]);
    const [web, address] = value.servers;
    expect(web).toMatchObject({ region: 'eu-west-1', zone: 'eu-west-1b' });
    expect(web?.otherNames).toContain('Web');
    expect(address).toMatchObject({ id: '10.1.2.3', zone: 'eu-west-1a' });
    expect(value.targetGroups.map(({ targets }) => targets)).toEqual([
      [{ id: web?.id, port: 8080, zone: 'eu-west-1b' }],
      [{ id: '10.1.2.3', port: 80, zone: 'eu-west-1a' }],
    ]);
  });

  test('RS 6.8: one without targets is told, one whose targets somebody registers has stand-ins', () => {
    expect(told(group('Name: empty'))).toEqual([
      'warning template/property 6: The target group empty has no targets, so requests for it are answered with 503, and it counts as unhealthy.',
    ]);
    const service =
      'Service: { Type: AWS::ECS::Service, Properties: { LoadBalancers: [{ TargetGroupArn: !Ref Group, ContainerPort: 80 }] } }';
    const { value, findings } = read(BALANCER, group('Name: tasks, TargetType: ip'), HTTP, service);
    expect(findings.map(inLine)).toEqual([
      'note template/not-acted-on 7: Firedrill does not run the targets that the service Service registers with tasks; a model stands in for one in each zone.',
    ]);
    expect(value.targetGroups[0]?.targets.map(({ zone }) => zone)).toEqual(['eu-west-1a', 'eu-west-1b']);
    expect(value.servers.every(({ otherNames }) => otherNames.includes('tasks'))).toBe(true);
  });

  test('targets, groups and load balancers that no template makes are told and left out', () => {
    expect(
      told(BALANCER, group('Name: a, TargetType: lambda, Targets: [{ Id: "arn:aws:lambda:eu-west-1:1:function:f" }]')),
    ).toEqual([
      'warning template/not-acted-on 7: The target arn:aws:lambda:eu-west-1:1:function:f of a is a function that is in no template read; it is left out.',
      'warning template/property 7: The target group a has no targets, so requests for it are answered with 503, and it counts as unhealthy.',
    ]);
    expect(
      told(
        BALANCER,
        listener('Port: 80, Protocol: HTTP, DefaultActions: [{ Type: forward, TargetGroupArn: "arn:x" }]'),
      ),
    ).toEqual([
      'warning template/not-acted-on 7: The action forwards to the target group arn:x, which is in no template read; requests for it are answered with 503.',
    ]);
  });
});

describe('aliases', () => {
  function alias(dnsName: string, zone: string): string {
    return `Name: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: www.example.com, Type: A, AliasTarget: { DNSName: ${dnsName}, HostedZoneId: ${zone} } } }`;
  }

  test('an alias to a load balancer carries the zone of the load balancer (R53 AL-14)', () => {
    const { value, findings } = read(
      BALANCER,
      alias('!Sub "dualstack.${Balancer.DNSName}"', '!GetAtt Balancer.CanonicalHostedZoneID'),
    );
    expect(findings).toEqual([]);
    expect(value.recordSets).toHaveLength(1);
    expect(told(BALANCER, alias('!GetAtt Balancer.DNSName', 'Z35SXDOTRQ7X7K'))).toEqual([
      expect.stringMatching(
        /^error template\/property 7: The alias to front-\d+\.eu-west-1\.elb\.amazonaws\.com has the HostedZoneId Z35SXDOTRQ7X7K; it must be Z32O12XQLNTSW2\.$/,
      ),
    ]);
  });

  test('one to a load balancer that no template makes answers nobody', () => {
    expect(told(alias('other-1.eu-west-1.elb.amazonaws.com', 'Z32O12XQLNTSW2'))).toEqual([
      'warning template/not-acted-on 6: The alias targets other-1.eu-west-1.elb.amazonaws.com, which is in no template read; its name is not answered.',
    ]);
  });
});
