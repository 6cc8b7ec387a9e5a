import { expect, test } from 'vitest';
import type { Estate } from '../../test/estate-in-text.ts';
import {
  alias,
  apiDomain,
  distribution,
  EU,
  failover,
  group,
  healthCheck,
  origin,
  record,
  toDomain,
  trapsOf,
  US,
} from '../../test/estate-in-text.ts';

/*
 * Designs that AWS describes, as they should be: whoever built one by the book must hear of no trap. Notes are
 * left aside.
 */

const api = '${Api}.execute-api.${AWS::Region}.amazonaws.com';

/** One Region of an API by the book: regional domain name, and a check of the API's own name. */
function side(role: 'PRIMARY' | 'SECONDARY', check: string): string {
  return `${apiDomain()}  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api } }
  Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: prod } }
${check}${record('Record', `${failover(role, 'Check')}, ${toDomain()}`)}`;
}

const OWN = healthCheck(
  'Check',
  `Type: HTTPS, RequestInterval: 10, FullyQualifiedDomainName: !Sub "${api}", ResourcePath: /prod/health`,
);

const DESIGNS: Readonly<Record<string, Estate>> = {
  'active and passive with checks of their own': { [EU]: side('PRIMARY', OWN), [US]: side('SECONDARY', OWN) },
  'standby takes over primary, by an object in S3 (R53 ST-03)': {
    [EU]: side(
      'PRIMARY',
      healthCheck(
        'Check',
        'Type: HTTPS, RequestInterval: 10, FullyQualifiedDomainName: switch.s3.us-east-1.amazonaws.com, ResourcePath: /initiate-failover.html, Inverted: true',
      ),
    ),
    [US]: side('SECONDARY', OWN),
  },
  'standby takes over primary, by a metric (R53 ST-06)': {
    [EU]: side(
      'PRIMARY',
      healthCheck(
        'Check',
        'Type: CLOUDWATCH_METRIC, AlarmIdentifier: { Name: switch, Region: us-east-1 }, InsufficientDataHealthStatus: LastKnownStatus',
      ),
    ),
    [US]:
      side('SECONDARY', OWN) +
      '  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmName: switch, Namespace: Switch, MetricName: failover, Statistic: Maximum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold } }\n',
  },
  'routing controls with a safety rule (R53 SR-01)': {
    [EU]:
      side('PRIMARY', healthCheck('Check', 'Type: RECOVERY_CONTROL, RoutingControlArn: !Ref Eu')) +
      ['Eu', 'Us']
        .map((id) => `  ${id}: { Type: AWS::Route53RecoveryControl::RoutingControl, Properties: { Name: ${id} } }\n`)
        .join('') +
      healthCheck('Other', 'Type: RECOVERY_CONTROL, RoutingControlArn: !Ref Us') +
      '  Rule: { Type: AWS::Route53RecoveryControl::SafetyRule, Properties: { Name: r, ControlPanelArn: p, RuleConfig: { Type: ATLEAST, Threshold: 1, Inverted: false }, AssertionRule: { WaitPeriodMs: 5000, AssertedControls: [!Ref Eu, !Ref Us] } } }\n',
    [US]: side('SECONDARY', OWN),
  },
  'hybrid: an origin group of the failover name and the backup (CF 4.17)': {
    [EU]: side('PRIMARY', OWN),
    [US]:
      side('SECONDARY', OWN) +
      distribution('Web', {
        origins: [
          origin('a', 'api.example.com', 'ConnectionAttempts: 1, ConnectionTimeout: 2').replace(
            'https-only',
            'https-only, OriginReadTimeout: 10',
          ),
          origin('b', `!Sub "${api}"`),
        ].join(', '),
        groups: group(),
        behavior: 'AllowedMethods: [GET, HEAD, OPTIONS], CachedMethods: [GET, HEAD, OPTIONS]',
      }),
  },
  'a tree of latency above, and weights below, evaluated (R53 ET-06, ET-08)': {
    [EU]:
      OWN.replace(`!Sub "${api}"`, 'a.example.com').replace('/prod/health', '/health') +
      ['a', 'b']
        .map((id) =>
          record(
            `Leaf${id}`,
            `SetIdentifier: ${id}, Weight: 50, HealthCheckId: !Ref Check, TTL: 60, ResourceRecords: [192.0.2.1]`,
            'eu.example.com',
          ),
        )
        .join('') +
      record('Branch', `SetIdentifier: eu, Region: eu-west-1, ${alias('eu.example.com', true)}`) +
      record('Other', `SetIdentifier: us, Region: us-east-1, ${alias('eu.example.com', true)}`),
  },
};

test.each(Object.entries(DESIGNS))('%s has no trap', (_, estate) =>
  expect(trapsOf(estate).filter(({ weight }) => weight !== 'note')).toEqual([]),
);
