import { describe, expect, test } from 'vitest';
import type { Estate } from '../../test/estate-in-text.ts';
import { EU, failover, healthCheck, holds, HTTPS, record, saidOf, US, values } from '../../test/estate-in-text.ts';

/*
 * Each trap once set and once not, in the text of templates. Findings of other codes do not matter here: what a
 * trap needs around it is kept small.
 */

describe('load balancers', () => {
  const balancer = (more = ''): string =>
    `  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Name: lb, Subnets: [subnet-1, subnet-2], SecurityGroups: [!GetAtt Group.GroupId]${more} } }\n`;
  const sg = (rule: string): string =>
    `  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, VpcId: vpc-1, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, ${rule} }] } }\n`;
  const probed = healthCheck('C', 'Type: HTTPS, RequestInterval: 10, FullyQualifiedDomainName: !GetAtt Lb.DNSName');

  test('behind a security group shut checkers out (R53 HC-43, PP-05)', () => {
    holds('check/checkers-shut-out', {
      bad: { [EU]: sg('CidrIp: 198.51.100.0/24') + balancer() + probed },
      good: { [EU]: sg('SourcePrefixListId: pl-1') + balancer() + probed },
      says: ['on port 443, but the security group Group lets in neither everybody nor a prefix list there'],
    });
    expect(saidOf('check/checkers-shut-out', { [EU]: sg('CidrIp: 0.0.0.0/0') + balancer() + probed })).toEqual([]);
    expect(
      saidOf('check/checkers-shut-out', { [EU]: sg('CidrIp: 0.0.0.0/0') + balancer(', Scheme: internal') + probed })[0],
    ).toContain('the load balancer Lb is internal');
  });

  test('behind a web ACL that blocks by default may refuse checkers (R53 PP-05)', () => {
    const acl = (action: string): Estate => ({
      [EU]: `${sg('CidrIp: 0.0.0.0/0')}${balancer()}${probed}  Acl: { Type: AWS::WAFv2::WebACL, Properties: { Scope: REGIONAL, DefaultAction: { ${action}: {} } } }
  Guards: { Type: AWS::WAFv2::WebACLAssociation, Properties: { ResourceArn: !Ref Lb, WebACLArn: !GetAtt Acl.Arn } }\n`,
    });
    holds('check/web-acl-blocks', {
      bad: acl('Block'),
      good: acl('Allow'),
      says: ['behind the web ACL Acl, which blocks what no rule of it allows'],
    });
  });

  test('that redirect are well, whatever is behind them (R53 HC-09)', () => {
    const listener = (type: string): string =>
      `  Redirect: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Lb, Port: 80, Protocol: HTTP, DefaultActions: [{ Type: ${type} }] } }\n`;
    const plain = healthCheck('C', 'Type: HTTP, RequestInterval: 10, FullyQualifiedDomainName: !GetAtt Lb.DNSName');
    const estate = (type: string): Estate => ({ [EU]: sg('CidrIp: 0.0.0.0/0') + balancer() + listener(type) + plain });
    holds('check/redirect-probed', {
      bad: estate('redirect'),
      good: estate('forward'),
      says: ['on port 80, where the load balancer only redirects: a redirect is healthy and is not followed'],
    });
  });

  test('keep connections that DNS does not move (R53 RV-16, RC-09)', () => {
    const cname =
      '  P: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: api.example.com, Type: CNAME, TTL: 60, Failover: PRIMARY, SetIdentifier: p, HealthCheckId: !Ref C, ResourceRecords: [!GetAtt Lb.DNSName] } }\n';
    const estate = (more: string): Estate => ({ [EU]: sg('CidrIp: 0.0.0.0/0') + balancer(more) + probed + cname });
    holds('check/long-keep-alive', {
      bad: estate(''),
      good: estate(', LoadBalancerAttributes: [{ Key: client_keep_alive.seconds, Value: "300" }]'),
      says: [
        'note eu-west-1-0.yaml:3 The load balancer Lb keeps connections of clients for 3600 s, and DNS moves none of them',
      ],
    });
  });
});

describe('accelerators', () => {
  const head = `  Acc: { Type: AWS::GlobalAccelerator::Accelerator, Properties: { Name: acc } }
  Listener: { Type: AWS::GlobalAccelerator::Listener, Properties: { AcceleratorArn: !Ref Acc, Protocol: TCP, PortRanges: [{ FromPort: 443, ToPort: 443 }] } }\n`;
  const endpointGroup = (id: string, region: string, more = ''): string =>
    `  ${id}: { Type: AWS::GlobalAccelerator::EndpointGroup, Properties: { ListenerArn: !Ref Listener, EndpointGroupRegion: ${region}${more} } }\n`;
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/lb/0123456789abcdef';

  test('with one endpoint group have nowhere to go (RS 2.5, 2.16)', () =>
    holds('check/lone-endpoint-group', {
      bad: { [US]: head + endpointGroup('One', EU) },
      good: { [US]: head + endpointGroup('One', EU) + endpointGroup('Two', US) },
      says: ['warning us-east-1-0.yaml:4 The listener Listener has one endpoint group'],
    }));

  test('use a group that is dialled to 0 when others fail (RS 2.15)', () =>
    holds('check/dial-zero-is-standby', {
      bad: { [US]: head + endpointGroup('One', EU, ', TrafficDialPercentage: 0') },
      good: { [US]: head + endpointGroup('One', EU, ', TrafficDialPercentage: 10') },
      says: ['note us-east-1-0.yaml:4 The endpoint group of eu-west-1 is dialled to 0, which is not off'],
    }));

  test('do not probe load balancers themselves (RS 2.7)', () => {
    const probing = (id: string): Estate => ({
      [US]:
        head +
        endpointGroup('One', EU, `, HealthCheckPath: /health, EndpointConfigurations: [{ EndpointId: "${id}" }]`),
    });
    holds('check/unused-endpoint-health-check', {
      bad: probing(arn),
      good: probing('eipalloc-1'),
      says: ['The endpoint group sets HealthCheckPath, but all its endpoints are load balancers'],
    });
  });
});

describe('routing controls', () => {
  const control = (id: string): string =>
    `  ${id}: { Type: AWS::Route53RecoveryControl::RoutingControl, Properties: { Name: ${id}, ControlPanelArn: "arn:aws:route53-recovery-control::123456789012:controlpanel/p" } }\n`;
  const followed = (id: string, controlId: string): string =>
    healthCheck(id, `Type: RECOVERY_CONTROL, RoutingControlArn: !Ref ${controlId}`);
  const rule = (...ids: readonly string[]): string =>
    `  Rule: { Type: AWS::Route53RecoveryControl::SafetyRule, Properties: { Name: r, ControlPanelArn: p, RuleConfig: { Type: ATLEAST, Threshold: 1, Inverted: false }, AssertionRule: { WaitPeriodMs: 5000, AssertedControls: [${ids.map((id) => `!Ref ${id}`).join(', ')}] } } }\n`;
  const two = control('Eu') + control('Us') + followed('C', 'Eu') + followed('D', 'Us');

  test('without a safety rule can all be turned off (check/no-safety-rule)', () =>
    holds('check/no-safety-rule', {
      bad: { [EU]: two },
      good: { [EU]: two + rule('Eu', 'Us') },
      says: ['No safety rule guards the routing control Eu', 'No safety rule guards the routing control Us'],
    }));

  test('one for both sides moves nothing (R53 HC-35, RP-05)', () => {
    const sides =
      record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`) +
      record('S', `${failover('SECONDARY', 'D')}, ${values('192.0.2.2')}`);
    holds('check/one-control-for-both', {
      bad: { [EU]: two.replace('RoutingControlArn: !Ref Us', 'RoutingControlArn: !Ref Eu') + sides },
      good: { [EU]: two + sides },
      says: ['The checks of both failover records of api.example.com follow one routing control'],
    });
  });

  test('that no check follows move nothing (R53 HC-35)', () =>
    holds('check/control-without-check', {
      bad: { [EU]: control('Eu') },
      good: { [EU]: control('Eu') + followed('C', 'Eu') },
      says: ['warning eu-west-1-0.yaml:2 No health check of these templates follows the routing control Eu'],
    }));
});

describe('runbooks', () => {
  test('that edit records need us-east-1 (R53 PP-12, ST-01, ST-08)', () => {
    const code = (call: string): Estate => ({
      [EU]: `  Runbook:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: r
      Code:
        ZipFile: |
          exports.handler = () => client.send(new ${call}({}));\n`,
    });
    holds('check/runbook-edits-records', {
      bad: code('ChangeResourceRecordSetsCommand'),
      good: code('PutMetricDataCommand'),
      says: [
        "warning eu-west-1-0.yaml:9 Runbook calls ChangeResourceRecordSets. If that is how you fail over, the failover needs Route 53's control plane",
      ],
    });
    const machine = `  Steps: { Type: AWS::StepFunctions::StateMachine, Properties: { RoleArn: r, DefinitionString: '{"Resource":"arn:aws:states:::aws-sdk:route53:changeResourceRecordSets"}' } }\n`;
    expect(saidOf('check/runbook-edits-records', { [EU]: machine })).toHaveLength(1);
  });

  test('show in the role, where the code is elsewhere (R53 PP-12)', () => {
    const role = (action: string): string =>
      `  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: ${action}, Resource: "*" }] } }] } }\n`;
    const records = record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`) + healthCheck('C', HTTPS);
    holds('check/role-may-edit-records', {
      bad: { [EU]: records + role('route53:ChangeResourceRecordSets') },
      good: { [EU]: records + role('route53:ListHostedZones') },
      says: ['note eu-west-1-0.yaml:4 Role may call route53:ChangeResourceRecordSets'],
    });
    // Without records that fail over it is everyday work.
    expect(saidOf('check/role-may-edit-records', { [EU]: role('route53:ChangeResourceRecordSets') })).toEqual([]);
  });
});
