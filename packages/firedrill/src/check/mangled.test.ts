import fc from 'fast-check';
import { expect, test } from 'vitest';
import { source } from '../../test/read-one.ts';
import { readTemplates } from '../template/index.ts';
import { check, heedIgnores, RULES } from './index.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const ref = (id: string): Json => ({ Ref: id });
const zone = { HostedZoneId: 'Z0EXAMPLE', Name: 'api.example.com', Type: 'A' };
const check53 = (config: Json): Json => ({
  Type: 'AWS::Route53::HealthCheck',
  Properties: { HealthCheckConfig: config },
});
const record = (more: { readonly [key: string]: Json }): Json => ({
  Type: 'AWS::Route53::RecordSet',
  Properties: { ...zone, ...more },
});

/** Something of every kind that rules look at. */
const WHOLE: Json = {
  Metadata: { Firedrill: { Ignore: [{ code: 'check/long-ttl', reason: 'x' }] } },
  Resources: {
    Check: check53({
      Type: 'HTTPS',
      FullyQualifiedDomainName: 'api.example.com',
      Inverted: true,
      Regions: ['us-east-1', 'us-west-1', 'eu-west-1'],
    }),
    Parent: check53({ Type: 'CALCULATED', ChildHealthChecks: [ref('Check')], HealthThreshold: 3 }),
    Follower: check53({
      Type: 'CLOUDWATCH_METRIC',
      AlarmIdentifier: { Name: ref('Alarm'), Region: 'eu-west-1' },
      InsufficientDataHealthStatus: 'Healthy',
    }),
    Switch: check53({ Type: 'RECOVERY_CONTROL', RoutingControlArn: ref('Control') }),
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        Namespace: 'Shop',
        MetricName: 'm',
        Period: 300,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
        Dimensions: [{ Name: 'a', Value: 'b' }],
        Statistic: 'Sum',
        ComparisonOperator: 'GreaterThanThreshold',
      },
    },
    Control: { Type: 'AWS::Route53RecoveryControl::RoutingControl', Properties: { Name: 'c' } },
    Rule: {
      Type: 'AWS::Route53RecoveryControl::SafetyRule',
      Properties: { AssertionRule: { AssertedControls: [ref('Control')] } },
    },
    Primary: record({
      Failover: 'PRIMARY',
      SetIdentifier: 'p',
      HealthCheckId: ref('Check'),
      TTL: 300,
      ResourceRecords: ['10.0.0.1'],
    }),
    Secondary: record({
      Failover: 'SECONDARY',
      SetIdentifier: 's',
      AliasTarget: {
        DNSName: 's3-website-eu-west-1.amazonaws.com',
        HostedZoneId: 'Z1BKCTXD74EZPE',
        EvaluateTargetHealth: true,
      },
    }),
    Group: {
      Type: 'AWS::Route53::RecordSetGroup',
      Properties: {
        HostedZoneId: 'Z0EXAMPLE',
        RecordSets: [
          {
            Name: 'w.example.com',
            Type: 'CNAME',
            TTL: 60,
            Weight: 0,
            SetIdentifier: 'w',
            ResourceRecords: [{ 'Fn::GetAtt': ['Balancer', 'DNSName'] }],
          },
          { Name: 'example.com', Type: 'SOA', TTL: 3600, ResourceRecords: ['a b 1 2 3 4 86400'] },
        ],
      },
    },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'x', WebsiteConfiguration: {} } },
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: {
        Name: 'lb',
        Subnets: ['subnet-1'],
        SecurityGroups: [{ 'Fn::GetAtt': ['Guard', 'GroupId'] }],
        LoadBalancerAttributes: [{ Key: 'client_keep_alive.seconds', Value: '600' }],
      },
    },
    Guard: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'g',
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' }],
      },
    },
    Accelerator: { Type: 'AWS::GlobalAccelerator::Accelerator', Properties: { Name: 'acc' } },
    Listener: {
      Type: 'AWS::GlobalAccelerator::Listener',
      Properties: { AcceleratorArn: ref('Accelerator'), Protocol: 'TCP', PortRanges: [{ FromPort: 443, ToPort: 443 }] },
    },
    Endpoints: {
      Type: 'AWS::GlobalAccelerator::EndpointGroup',
      Properties: {
        ListenerArn: ref('Listener'),
        EndpointGroupRegion: 'eu-west-1',
        TrafficDialPercentage: 0,
        HealthCheckPath: '/',
        EndpointConfigurations: [{ EndpointId: ref('Balancer') }],
      },
    },
    Web: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          Aliases: ['www.example.com'],
          Origins: [
            { Id: 'a', DomainName: 'api.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
            { Id: 'b', DomainName: 'b.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
          ],
          OriginGroups: {
            Quantity: 1,
            Items: [
              {
                Id: 'g',
                FailoverCriteria: { StatusCodes: { Quantity: 2, Items: [403, 500] } },
                Members: { Quantity: 2, Items: [{ OriginId: 'a' }, { OriginId: 'b' }] },
              },
            ],
          },
          CustomErrorResponses: [{ ErrorCode: 503, ErrorCachingMinTTL: 300 }],
          DefaultCacheBehavior: {
            TargetOriginId: 'g',
            ViewerProtocolPolicy: 'https-only',
            CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
            AllowedMethods: ['GET', 'HEAD', 'OPTIONS'],
            LambdaFunctionAssociations: [
              { EventType: 'origin-request', LambdaFunctionARN: 'arn:aws:lambda:eu-west-1:123456789012:function:f:1' },
            ],
          },
        },
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [
          { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['route53:*', 'cloudwatch:SetAlarmState'] }] } },
        ],
      },
    },
    Steps: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { DefinitionString: 'route53:changeResourceRecordSets' },
    },
  },
};

const SCRAPS: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e21,
  '',
  'x',
  '__proto__',
  '*',
  '{{resolve:ssm:x}}',
  [],
  {},
  [[]],
  [null],
  { Ref: 'Nobody' },
  { Ref: 'Check' },
  { __proto__: 'x' },
  { 'Fn::GetAtt': ['Web', 'DomainName'] },
  'api.example.com',
  'constructor',
];

/** Puts a scrap, or nothing, in the place of one of the values below; `at` chooses which. */
function mangled(json: Json, at: { left: number }, scrap: Json | undefined): Json | undefined {
  at.left -= 1;
  if (at.left === 0) return scrap;
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.flatMap((item: Json) => mangled(item, at, scrap) ?? []);
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => {
      const put = mangled(value, at, scrap);
      return put === undefined ? [] : [[key, put]];
    }),
  );
}

const VALUES = JSON.stringify(WHOLE).split(/[{[,:]/).length;

function findingsOf(json: Json): readonly string[] {
  const { value, findings } = readTemplates({
    sources: [source(JSON.stringify(json))],
    zones: { 'example.com': 'Z0EXAMPLE' },
  });
  const heeded = heedIgnores([...findings, ...check(value)], value.ignores);
  return [...heeded.findings, ...heeded.ignored.map(({ finding }) => finding)].map(({ code }) => code);
}

test('rules look at whatever a template holds without failing', () => {
  const whole = findingsOf(WHOLE);
  // That the whole sets off many rules shows that there is something to mangle.
  expect(RULES.filter(({ code }) => whole.includes(code)).length).toBeGreaterThan(20);
  const place = fc.integer({ min: 1, max: VALUES });
  const cut = fc.record({ place, scrap: fc.option(fc.constantFrom(...SCRAPS), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(cut, { minLength: 1, maxLength: 6 }), (cuts) => {
      let json: Json = WHOLE;
      for (const { place: left, scrap } of cuts) json = mangled(json, { left }, scrap) ?? {};
      expect(Array.isArray(findingsOf(json))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a type that is named as a property of every object is a type like others (seed -632907436)', () => {
  expect(findingsOf({ Resources: { A: { Type: 'constructor' } } })).toEqual(['template/unknown-resource-type']);
});
